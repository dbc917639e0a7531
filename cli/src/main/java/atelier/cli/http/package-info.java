/// The one HTTP client: the server's own authority, the owner's token, errors as one sentence, long-running operations.
@NullMarked
package atelier.cli.http;

import org.jspecify.annotations.NullMarked;
