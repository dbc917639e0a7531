/// Data, environments, components and models: YAML v2 to REST, with references resolved.
@NullMarked
package atelier.cli.assets;

import org.jspecify.annotations.NullMarked;
