package atelier.app;

import atelier.datasets.DataUris;
import atelier.kernel.Problem;
import atelier.registries.Uploads;
import atelier.storage.Sas;
import atelier.storage.StorageFeature;
import atelier.workspace.Workspace;
import java.time.Duration;

/// Room for the files of registries in the storage account.
///
/// @param any a workspace; addresses that carry their place do not ask for it
record RegistryUploads(StorageFeature storage, DataUris uris, Workspace any) implements Uploads {
    private static final Duration LIFE = Duration.ofHours(24);

    @Override
    public String container(String name, String baseUrl) {
        storage.containers().ensure(name);
        return storage.sas().containerUrl(baseUrl, name, Sas.ALL, LIFE);
    }

    @Override
    public String permission(String blobAddress, String baseUrl) {
        try {
            return storage.sas().forContainer(uris.resolve(any, blobAddress).container(), "rl", LIFE);
        } catch (Problem _) {
            return "";
        }
    }
}
