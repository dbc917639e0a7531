package atelier.cli.assets;

import atelier.cli.CliError;
import atelier.cli.http.Api;
import atelier.cli.snapshot.Snapshot;
import atelier.cli.yaml.Fields;
import atelier.cli.yaml.YamlFile;
import atelier.kernel.Json;
import atelier.kernel.Names;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Environments (`environment.schema.json`): registered by name, or made on the way for one job.
public final class EnvironmentAssets {
    /// The name under which environments written inside a job are kept.
    private static final String ANONYMOUS = "CliV2AnonymousEnvironment";

    private static final String NAMES = "$schema name version id description tags properties build image conda_file"
            + " inference_config os_type datastore intellectual_property auto_delete_setting creation_context"
            + " latest_version";
    private static final Fields FIELDS = Fields.of("an environment", NAMES).required("name");
    private static final Fields INLINE = Fields.of("an environment", NAMES);
    private static final Fields BUILD =
            Fields.of("a build context", "path dockerfile_path").required("path");
    private final Assets assets;

    public EnvironmentAssets(Assets assets) {
        this.assets = assets;
    }

    /// Registers the version that the file names, or the next; an unchanged environment keeps its newest version.
    public JsonNode create(YamlFile file) {
        FIELDS.check(file, "");
        String name = Names.asset(file.text("name", ""));
        ObjectNode properties = properties(file);
        String version = file.text("version", "");
        if (version.isEmpty()) {
            Optional<JsonNode> newest = assets.newest("environments", name);
            if (newest.isPresent() && same(newest.get().path("properties"), properties)) {
                return newest.get();
            }
            version = assets.nextVersion("environments", name);
        }
        return assets.api().put(assets.path("environments", name, Names.version(version)), Api.resource(properties));
    }

    private static boolean same(JsonNode known, ObjectNode wanted) {
        for (String field : new String[] {"image", "condaFile", "build"}) {
            JsonNode a = known.path(field);
            JsonNode b = wanted.path(field);
            boolean bothAbsent = (a.isMissingNode() || a.isNull()) && b.isMissingNode();
            if (!bothAbsent && !a.equals(b)) {
                return false;
            }
        }
        return true;
    }

    /// What the field `environment` of a job or component means: an ARM id, or for curated environments and registries
    /// the reference itself, which the server resolves. A mapping is registered as an environment of its own.
    public String reference(YamlFile file, String pointer) {
        JsonNode given = file.root().at(pointer);
        if (given instanceof ObjectNode mapping) {
            return anonymous(file.inline(pointer, mapping));
        }
        String text = given.asString("");
        if (text.startsWith("file:")) {
            return anonymous(YamlFile.read(file.local(text.substring("file:".length()))));
        }
        if (text.startsWith("azureml:AzureML-") || text.startsWith("AzureML-")) {
            return text.startsWith("azureml:") ? text : "azureml:" + text;
        }
        if (text.startsWith("azureml:")) {
            return assets.reference("environments", text, file, pointer);
        }
        throw file.error(
                pointer,
                "'" + text + "' is not an environment; write azureml:NAME:VERSION, azureml:NAME@latest, file:FILE.yml,"
                        + " or a mapping with 'image' or 'conda_file'.");
    }

    private String anonymous(YamlFile file) {
        INLINE.check(file, "");
        ObjectNode properties = properties(file);
        properties.put("isAnonymous", true);
        String version = sha256(Json.write(properties.path("image"))
                        + Json.write(properties.path("condaFile"))
                        + Json.write(properties.path("build")))
                .substring(0, 32);
        String path = assets.path("environments", ANONYMOUS, version);
        assets.api().put(path, Api.resource(properties));
        return path;
    }

    private ObjectNode properties(YamlFile file) {
        ObjectNode properties = Json.object();
        String image = file.text("image", "");
        if (!image.isEmpty()) {
            properties.put("image", image);
        }
        conda(file).ifPresent(text -> properties.put("condaFile", text));
        if (file.root().has("build")) {
            properties.set("build", build(file));
        }
        if (properties.isEmpty()) {
            throw file.error("", "an environment needs 'image', 'conda_file' or 'build'.");
        }
        properties.put("osType", "Linux");
        Common.describe(file, properties);
        return properties;
    }

    private static Optional<String> conda(YamlFile file) {
        JsonNode given = file.root().path("conda_file");
        if (given.isMissingNode() || given.isNull()) {
            return Optional.empty();
        }
        if (given.isObject()) {
            return Optional.of(Json.toYaml(given));
        }
        Path path = file.local(given.asString(""));
        try {
            String text = Files.readString(path);
            YamlFile.read(path);
            return Optional.of(text);
        } catch (IOException e) {
            throw file.error("/conda_file", "there is no conda file " + path + " that can be read.");
        }
    }

    private ObjectNode build(YamlFile file) {
        BUILD.check(file, "/build");
        JsonNode given = file.root().path("build");
        String path = given.path("path").asString("");
        ObjectNode build = Json.object();
        if (Assets.isRemote(path)) {
            build.put("contextUri", path);
        } else {
            Path local = file.local(path);
            if (!Files.isDirectory(local)) {
                throw file.error("/build/path", "there is no folder " + local + ".");
            }
            String below = assets.uploads()
                    .toDatastore(local, Datastores.DEFAULT, Snapshot.of(local).name(), "1");
            build.put("contextUri", Assets.datastoreUri(Datastores.DEFAULT, below));
        }
        build.put("dockerfilePath", given.path("dockerfile_path").asString("Dockerfile"));
        return build;
    }

    private static String sha256(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new CliError("This JDK has no SHA-256.", e);
        }
    }
}
