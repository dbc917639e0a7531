/// How results are printed: tables, JSON, YAML; durations and sizes in words.
@NullMarked
package atelier.cli.output;

import org.jspecify.annotations.NullMarked;
