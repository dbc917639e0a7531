/// The tables of batch endpoints, and the job kind `Parallel`.
@NullMarked
package atelier.batch.internal;

import org.jspecify.annotations.NullMarked;
