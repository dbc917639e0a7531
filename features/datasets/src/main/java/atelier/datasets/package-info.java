/// Datastores and data assets. Start with [DataUris]: how an address of the workspace becomes bytes.
@NullMarked
package atelier.datasets;

import org.jspecify.annotations.NullMarked;
