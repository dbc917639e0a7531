package atelier.cli.az;

import atelier.cli.CliError;
import atelier.cli.ClientVariables;
import atelier.cli.Session;
import atelier.cli.http.Api;
import atelier.cli.snapshot.BlobFolder;
import atelier.cli.snapshot.Snapshot;
import atelier.kernel.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `az storage`: the workspace's own storage account.
final class Storage {
    private Storage() {}

    static Map<String, Az.Verb> verbs() {
        Map<String, Az.Verb> verbs = new TreeMap<>();
        verbs.put("storage account show", Storage::show);
        verbs.put("storage account list", (session, given) -> Json.array().add(account(session)));
        verbs.put("storage account keys list", (session, given) -> keys(session));
        verbs.put("storage account show-connection-string", Storage::connection);
        verbs.put("storage blob upload", Storage::upload);
        verbs.put("storage blob upload-batch", Storage::uploadBatch);
        verbs.put("storage blob list", Storage::list);
        verbs.put("storage blob download", Storage::download);
        return verbs;
    }

    private static String name(Session session) {
        Api api = workspace(session);
        String id = api.get(api.workspace())
                .path("properties")
                .path("storageAccount")
                .asString("atelier");
        return id.substring(id.lastIndexOf('/') + 1);
    }

    private static Api workspace(Session session) {
        return session.api(new atelier.cli.Place(null, null, null));
    }

    private static String id(Session session) {
        String[] parts = workspace(session).workspace().split("/");
        return "/subscriptions/" + parts[2] + "/resourceGroups/" + parts[4]
                + "/providers/Microsoft.Storage/storageAccounts/" + name(session);
    }

    private static ObjectNode account(Session session) {
        ObjectNode account = Json.object();
        account.put("id", id(session)).put("name", name(session)).put("kind", "StorageV2");
        account.putObject("primaryEndpoints")
                .put("blob", session.api().url() + "/" + name(session) + ".blob.localhost/");
        return account;
    }

    private static JsonNode show(Session session, Given given) {
        String wanted = given.text("--name", name(session));
        if (!wanted.equals(name(session))) {
            throw new CliError(
                    "There is no storage account '" + wanted + "' here; the workspace's is '" + name(session) + "'.");
        }
        return account(session);
    }

    private static JsonNode keys(Session session) {
        return session.api()
                .post(id(session) + "/listKeys?api-version=2023-05-01", Json.object())
                .path("keys");
    }

    private static JsonNode connection(Session session, Given given) {
        show(session, given);
        String text = ClientVariables.of(session).values().get("AZURE_STORAGE_CONNECTION_STRING");
        if (text == null) {
            throw new CliError("The server gave no key of its storage account.");
        }
        return Json.object().put("connectionString", text);
    }

    /// The container of the datastore whose container this is; others have no permission to be asked for.
    private static BlobFolder container(Session session, String container) {
        Api api = workspace(session);
        for (JsonNode each : api.get(api.workspace() + "/datastores").path("value")) {
            if (each.path("properties").path("containerName").asString("").equals(container)) {
                return new atelier.cli.snapshot.Uploads(api)
                        .datastore(each.path("name").asString(""));
            }
        }
        throw new CliError("No datastore of the workspace has the container '" + container + "'.");
    }

    private static JsonNode upload(Session session, Given given) {
        Path file = session.resolve(given.required("--file"));
        if (!Files.isRegularFile(file)) {
            throw new CliError("There is no file " + file + ".");
        }
        String name = given.text("--name", String.valueOf(file.getFileName()));
        container(session, given.required("--container-name")).upload(file, name);
        return Json.object().put("name", name);
    }

    private static JsonNode uploadBatch(Session session, Given given) {
        String source = given.has("--source") ? given.text("--source") : given.text("--subscription");
        String destination = given.has("--destination") ? given.text("--destination") : given.text("--defaults");
        if (source == null || destination == null) {
            throw new CliError("az storage blob upload-batch needs --source FOLDER and --destination CONTAINER.");
        }
        String[] place = destination.split("/", 2);
        String below = given.text("--destination-path", place.length > 1 ? place[1] : "");
        BlobFolder container = container(session, place[0]);
        ArrayNode sent = Json.array();
        for (Snapshot.Entry entry : Snapshot.of(session.resolve(source)).entries()) {
            String name = (below.isEmpty() ? "" : below.replaceFirst("/$", "") + "/") + entry.name();
            container.upload(entry.file(), name);
            sent.add(Json.object().put("Blob", name));
        }
        return sent;
    }

    private static JsonNode list(Session session, Given given) {
        List<String> names =
                container(session, given.required("--container-name")).list(given.text("--prefix", ""));
        ArrayNode list = Json.array();
        names.forEach(each -> list.add(Json.object().put("name", each)));
        return list;
    }

    private static JsonNode download(Session session, Given given) {
        Path to = session.resolve(given.required("--file"));
        container(session, given.required("--container-name")).download(given.required("--name"), to);
        return Json.object().put("name", given.required("--name"));
    }
}
