/// Jobs. Start with [Jobs].
@NullMarked
package atelier.jobs;

import org.jspecify.annotations.NullMarked;
