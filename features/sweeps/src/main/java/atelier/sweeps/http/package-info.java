/// The door to the trials of a sweep job.
@NullMarked
package atelier.sweeps.http;

import org.jspecify.annotations.NullMarked;
