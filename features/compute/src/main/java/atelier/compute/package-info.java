/// Where processes run. Start with [Processes]: a process that outlives the server and is found again.
@NullMarked
package atelier.compute;

import org.jspecify.annotations.NullMarked;
