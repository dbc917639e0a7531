/// For tests only: a clock that is set by hand, ids that can be foreseen, databases that clean up, a real HTTP
/// server.
@NullMarked
package atelier.testkit;

import org.jspecify.annotations.NullMarked;
