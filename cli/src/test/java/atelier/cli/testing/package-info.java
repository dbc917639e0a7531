/// A server that answers from memory, and sessions for tests.
@NullMarked
package atelier.cli.testing;

import org.jspecify.annotations.NullMarked;
