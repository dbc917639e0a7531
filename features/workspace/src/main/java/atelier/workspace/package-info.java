/// The [Workspace] binds all other parts; [Workspaces] finds them, [Arm] says them in Azure Resource Manager's words,
/// [Operations] keeps long-running operations.
@NullMarked
package atelier.workspace;

import org.jspecify.annotations.NullMarked;
