/// How sweeps run and sample.
@NullMarked
package atelier.sweeps.internal;

import org.jspecify.annotations.NullMarked;
