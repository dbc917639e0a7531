/// YAML files that know their line numbers, and the checks of fields that use them.
@NullMarked
package atelier.cli.yaml;

import org.jspecify.annotations.NullMarked;
