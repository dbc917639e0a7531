/// Command and pipeline jobs: YAML v2 to REST, log streaming, downloads.
@NullMarked
package atelier.cli.jobs;

import org.jspecify.annotations.NullMarked;
