/// Connections of a workspace to services elsewhere ([Connections]); their credentials are in the vault.
@NullMarked
package atelier.connections;

import org.jspecify.annotations.NullMarked;
