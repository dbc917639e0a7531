package atelier.datasets;

import atelier.kernel.Problem;
import atelier.storage.BlobPath;
import java.time.Instant;
import java.util.Map;
import java.util.regex.Pattern;

/// A named place for data. Every datastore is a container of this installation's own storage account, whatever account
/// its maker named: data given to Atelier does not leave the building.
///
/// @param name 1 to 255 letters, digits and `_`, as Azure ML
/// @param container container of the storage account; also where shares of `AzureFile` and file systems of
///     `AzureDataLakeGen2` are kept
/// @param requestedAccount account name that its maker wrote; empty for the workspace's own
/// @param credentialsType Azure's `credentialsType`; the secret itself is not kept, nothing here needs it
/// @param isDefault the one that uploads go to when none is named
public record Datastore(
        String name,
        Type type,
        String container,
        String requestedAccount,
        String description,
        Map<String, String> tags,
        String credentialsType,
        boolean isDefault,
        String createdBy,
        Instant createdAt,
        Instant modifiedAt) {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_]{0,254}");

    public Datastore {
        if (!NAME.matcher(name).matches()) {
            throw new Problem.Invalid(
                    "InvalidName",
                    "A datastore name has letters, digits and '_' only, 255 at most, and does not start with '_'.",
                    "name");
        }
        BlobPath.checkContainer(container);
        tags = Map.copyOf(tags);
    }

    /// What clients take it for (Azure's `datastoreType`).
    public enum Type {
        AZURE_BLOB("AzureBlob", "containerName"),
        AZURE_FILE("AzureFile", "fileShareName"),
        AZURE_DATA_LAKE_GEN2("AzureDataLakeGen2", "filesystem");

        private final String word;
        private final String containerField;

        Type(String word, String containerField) {
            this.word = word;
            this.containerField = containerField;
        }

        /// Azure's discriminator.
        public String word() {
            return word;
        }

        /// The REST property that names the container, share or file system.
        public String containerField() {
            return containerField;
        }

        /// @throws Problem.Invalid for types whose bytes would be elsewhere
        public static Type parse(String word) {
            for (Type type : values()) {
                if (type.word.equalsIgnoreCase(word)) {
                    return type;
                }
            }
            throw new Problem.Invalid(
                    "A datastore is AzureBlob, AzureFile or AzureDataLakeGen2 here, not '" + word + "'.",
                    "datastoreType");
        }
    }

    /// The same place with another description and tags.
    public Datastore described(String newDescription, Map<String, String> newTags, Instant now) {
        return new Datastore(
                name,
                type,
                container,
                requestedAccount,
                newDescription,
                newTags,
                credentialsType,
                isDefault,
                createdBy,
                createdAt,
                now);
    }
}
