/// Things as `az ml` prints them: the names of YAML v2 (`scoring_uri`, `display_name`) instead of the REST body.
@NullMarked
package atelier.cli.entities;

import org.jspecify.annotations.NullMarked;
