package atelier.models.internal;

import atelier.datasets.Location;
import atelier.kernel.Json;
import atelier.kernel.Problem;
import atelier.storage.BlobPath;
import atelier.storage.Blobs;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Reads the flavours of an `MLmodel` file (mlflow.org, "MLflow Models", storage format) in Azure ML's shape:
/// `{"python_function":{"data":{"loader_module":"mlflow.sklearn",…}}}`, all values as text.
public final class Flavors {
    private static final int LIMIT = 1024 * 1024;
    private final Blobs blobs;

    public Flavors(Blobs blobs) {
        this.blobs = blobs;
    }

    /// Empty when there is no readable MLmodel file.
    public ObjectNode read(@Nullable Location location) {
        ObjectNode flavors = Json.object();
        if (location == null) {
            return flavors;
        }
        Location file = location.child("MLmodel");
        BlobPath path = new BlobPath(file.container(), file.path());
        JsonNode declared;
        try {
            if (blobs.find(path).isEmpty()) {
                return flavors;
            }
            try (InputStream in = blobs.open(path, 0, LIMIT)) {
                declared = Json.yaml(new String(in.readAllBytes(), StandardCharsets.UTF_8))
                        .path("flavors");
            }
        } catch (Problem.Invalid | Problem.NotFound e) {
            // A broken or vanishing MLmodel is found out where the model is used; registering must not fail on it.
            return flavors;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        declared.properties().forEach(flavor -> {
            ObjectNode data = Json.object();
            flavor.getValue().properties().forEach(field -> data.put(field.getKey(), text(field.getValue())));
            flavors.set(flavor.getKey(), Json.object().set("data", data));
        });
        return flavors;
    }

    private static String text(JsonNode value) {
        return value.isContainer() ? value.toString() : value.asString();
    }
}
