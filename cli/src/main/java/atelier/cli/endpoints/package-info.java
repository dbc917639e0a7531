/// Online endpoints and deployments: YAML v2 to REST.
@NullMarked
package atelier.cli.endpoints;

import org.jspecify.annotations.NullMarked;
