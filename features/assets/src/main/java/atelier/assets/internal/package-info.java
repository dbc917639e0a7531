/// The SQL of assets.
@NullMarked
package atelier.assets.internal;

import org.jspecify.annotations.NullMarked;
