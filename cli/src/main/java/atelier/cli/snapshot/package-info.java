/// Folders as Azure ML uploads them: ignore files, content hashes, blob uploads.
@NullMarked
package atelier.cli.snapshot;

import org.jspecify.annotations.NullMarked;
