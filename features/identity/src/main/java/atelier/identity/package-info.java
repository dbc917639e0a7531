/// Who calls. [Tokens] issues and checks what callers carry; [SignedLinks] makes addresses that carry their own
/// permission.
@NullMarked
package atelier.identity;

import org.jspecify.annotations.NullMarked;
