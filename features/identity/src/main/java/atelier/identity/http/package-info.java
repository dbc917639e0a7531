/// The token endpoint and the studio's sign-in.
@NullMarked
package atelier.identity.http;

import org.jspecify.annotations.NullMarked;
