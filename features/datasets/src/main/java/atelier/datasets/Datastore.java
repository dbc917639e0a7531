package atelier.datasets;

import atelier.kernel.Json;
import atelier.kernel.Nearest;
import atelier.kernel.Problem;
import atelier.storage.BlobPath;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import tools.jackson.databind.node.ObjectNode;

/// A named place for data. A datastore that is served is a container of this installation's own storage account,
/// whatever account its maker named: data given to Atelier does not leave the building. Those of other kinds are kept
/// as
/// their maker defined them.
///
/// @param name 1 to 255 letters, digits and `_`, as Azure ML
/// @param container container of the storage account; also where shares of `AzureFile` and file systems of
///     `AzureDataLakeGen2` are kept; empty for a kind that is not served
/// @param requestedAccount account name that its maker wrote; empty for the workspace's own
/// @param isDefault the one that uploads go to when none is named
public record Datastore(
        String name,
        Type type,
        String container,
        String requestedAccount,
        String description,
        Map<String, String> tags,
        Details details,
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
        if (type.served()) {
            BlobPath.checkContainer(container);
        }
        tags = Map.copyOf(tags);
    }

    /// What its maker wrote beyond the common fields.
    ///
    /// @param definition fields of the kind alone: `storeName`, `artifact`, `endpoint`, …
    /// @param credentials `credentialsType` with ids and addresses; never a secret
    public record Details(ObjectNode definition, ObjectNode credentials) {
        /// Nothing but how it is reached.
        public static Details of(String credentialsType) {
            return new Details(Json.object(), Json.object().put("credentialsType", credentialsType));
        }

        public String credentialsType() {
            return credentials.path("credentialsType").asString("None");
        }
    }

    /// What clients take it for (Azure's `datastoreType`).
    public enum Type {
        AZURE_BLOB("AzureBlob", "containerName", true),
        AZURE_FILE("AzureFile", "fileShareName", true),
        AZURE_DATA_LAKE_GEN2("AzureDataLakeGen2", "filesystem", true),
        AZURE_DATA_LAKE_GEN1("AzureDataLakeGen1", "storeName", false),
        ONE_LAKE("OneLake", "oneLakeWorkspaceName", false),
        HDFS("Hdfs", "nameNodeAddress", false);

        private final String word;
        private final String placeField;
        private final boolean served;

        Type(String word, String placeField, boolean served) {
            this.word = word;
            this.placeField = placeField;
            this.served = served;
        }

        /// Azure's discriminator.
        public String word() {
            return word;
        }

        /// The REST property that names the container, share, file system, store or workspace.
        public String placeField() {
            return placeField;
        }

        /// Whether its bytes are here.
        public boolean served() {
            return served;
        }

        /// @throws Problem.Invalid naming the kinds
        public static Type parse(String word) {
            for (Type type : values()) {
                if (type.word.equalsIgnoreCase(word)) {
                    return type;
                }
            }
            List<String> words = Arrays.stream(values()).map(Type::word).toList();
            throw new Problem.Invalid(
                    "A datastore is one of " + String.join(", ", words) + ", not '" + word + "'."
                            + Nearest.hint(word, words),
                    "properties.datastoreType");
        }
    }
}
