/// Processes of this machine and the SQL of computes.
@NullMarked
package atelier.compute.internal;

import org.jspecify.annotations.NullMarked;
