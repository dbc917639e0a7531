/// Where jobs run. [Processes] starts, finds again and ends processes; [Slots] says who may run now;
/// [Computes] keeps
/// the names that jobs ask for. [ComputeFeature] wires them.
@NullMarked
package atelier.compute;

import org.jspecify.annotations.NullMarked;
