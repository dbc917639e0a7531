/// Rows of what was taken.
@NullMarked
package atelier.imports.internal;

import org.jspecify.annotations.NullMarked;
