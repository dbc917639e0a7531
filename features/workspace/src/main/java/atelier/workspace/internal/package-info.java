/// SQL of the workspace feature.
@NullMarked
package atelier.workspace.internal;

import org.jspecify.annotations.NullMarked;
