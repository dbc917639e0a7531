/// Datastores and data assets. Start with [DataUris]: how an address of the workspace becomes bytes. [Datastores] are
/// the named places; [Tables] gives a data asset's profile and rows; [DatasetsFeature] wires it all.
@NullMarked
package atelier.datasets;

import org.jspecify.annotations.NullMarked;
