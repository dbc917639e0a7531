/// YAML v2: which fields each kind of file has, and where a file differs from that. Start reading at
/// [atelier.schemas.Schemas]; the facts are in `fields.txt`. The command line and the server check with the same code.
@NullMarked
package atelier.schemas;

import org.jspecify.annotations.NullMarked;
