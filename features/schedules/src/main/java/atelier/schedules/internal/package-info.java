/// The machinery of schedules: the store, the definition of a job at its time, and the thread that fires.
@NullMarked
package atelier.schedules.internal;

import org.jspecify.annotations.NullMarked;
