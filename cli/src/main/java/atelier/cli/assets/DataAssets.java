package atelier.cli.assets;

import atelier.cli.http.Api;
import atelier.cli.snapshot.Snapshot;
import atelier.cli.yaml.Fields;
import atelier.cli.yaml.YamlFile;
import atelier.kernel.Json;
import atelier.kernel.Names;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Data assets (`data.schema.json`): a local path is uploaded to the datastore first.
public final class DataAssets {
    public static final List<String> TYPES = List.of("uri_file", "uri_folder", "mltable");
    private static final Fields FIELDS = Fields.of(
                    "a data asset",
                    "$schema name version id description tags properties type path datastore auto_delete_setting"
                            + " creation_context latest_version")
            .required("name", "path");
    private final Assets assets;

    public DataAssets(Assets assets) {
        this.assets = assets;
    }

    /// Registers the next version, or the one that the file names.
    public JsonNode create(YamlFile file) {
        FIELDS.check(file, "");
        String name = Names.asset(file.text("name", ""));
        String type = Fields.oneOf(file, "/type", file.text("type", "uri_folder"), TYPES);
        String version = file.text("version", "");
        if (version.isEmpty()) {
            version = assets.nextVersion("data", name);
        }
        ObjectNode properties = Json.object();
        properties.put("dataType", type);
        properties.put("dataUri", uri(file, type, name, version));
        properties.put("isAnonymous", false);
        Common.describe(file, properties);
        return assets.api().put(assets.path("data", name, Names.version(version)), Api.resource(properties));
    }

    /// Registers the next version unless the newest one has the same bytes; then that one.
    public JsonNode createUnlessSame(YamlFile file) {
        FIELDS.check(file, "");
        Path local = file.local(file.text("path", ""));
        Snapshot snapshot = Snapshot.of(local);
        String below = "LocalUpload/" + snapshot.objectHash() + "/" + snapshot.name();
        return assets.newest("data", file.text("name", ""))
                .filter(newest -> newest.at("/properties/dataUri").asString("").endsWith("/paths/" + below))
                .orElseGet(() -> create(file));
    }

    private String uri(YamlFile file, String type, String name, String version) {
        String path = file.text("path", "");
        if (Assets.isRemote(path)) {
            return path;
        }
        Path local = file.local(path);
        checkKind(file, type, local);
        String datastore = Datastores.name(file.text("datastore", Datastores.DEFAULT));
        return Assets.datastoreUri(datastore, assets.uploads().toDatastore(local, datastore, name, version));
    }

    private static void checkKind(YamlFile file, String type, Path local) {
        if (!Files.exists(local)) {
            throw file.error("/path", "there is no file or folder " + local + ".");
        }
        boolean folder = Files.isDirectory(local);
        if (type.equals("uri_file") && folder) {
            throw file.error("/path", local + " is a folder, but the type is uri_file; use uri_folder.");
        }
        if (!type.equals("uri_file") && !folder) {
            throw file.error("/path", local + " is a file, but the type is " + type + "; use uri_file.");
        }
        if (type.equals("mltable") && !Files.isRegularFile(local.resolve("MLTable"))) {
            throw file.error("/path", local + " has no file 'MLTable', which an mltable needs.");
        }
    }
}
