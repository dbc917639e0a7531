/// Secrets of workspaces, encrypted at rest. [Vault] is the port; [VaultFeature] wires it.
@NullMarked
package atelier.vault;

import org.jspecify.annotations.NullMarked;
