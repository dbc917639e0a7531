/// The verbs. Each parses its options, calls one translator or request, and prints.
@NullMarked
package atelier.cli.commands;

import org.jspecify.annotations.NullMarked;
