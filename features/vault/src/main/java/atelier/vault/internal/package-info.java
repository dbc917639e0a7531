/// SQL and cryptography of the vault.
@NullMarked
package atelier.vault.internal;

import org.jspecify.annotations.NullMarked;
