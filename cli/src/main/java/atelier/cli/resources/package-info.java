/// Computes, datastores, workspaces and schedules: YAML v2 to REST, as azure-ai-ml sends it.
@NullMarked
package atelier.cli.resources;

import org.jspecify.annotations.NullMarked;
