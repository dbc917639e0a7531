/// Secrets on disk, JSON Web Tokens, signed links.
@NullMarked
package atelier.identity.internal;

import org.jspecify.annotations.NullMarked;
