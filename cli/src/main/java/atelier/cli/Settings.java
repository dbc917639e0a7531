package atelier.cli;

import atelier.kernel.Json;
import atelier.kernel.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What `az configure --defaults`, `az config set` and `az account set` keep: `az/settings.json` in the data folder,
/// sections of names and texts as in `az`'s own configuration file.
public final class Settings {
    private final Path file;

    public Settings(Path dataFolder) {
        file = dataFolder.resolve("az/settings.json");
    }

    /// Everything that is kept, by section.
    public ObjectNode all() {
        try {
            return Json.parse(Files.readString(file)) instanceof ObjectNode kept ? kept : Json.object();
        } catch (NoSuchFileException none) {
            return Json.object();
        } catch (IOException | Problem e) {
            throw new CliError(file + " cannot be read; remove it and set the defaults again.", e);
        }
    }

    public @Nullable String text(String section, String name) {
        JsonNode found = all().path(section).path(name);
        return found.isString() ? found.asString() : null;
    }

    /// Keeps a value; an empty one forgets the name.
    public void put(String section, String name, String value) {
        ObjectNode kept = all();
        ObjectNode names = kept.path(section) instanceof ObjectNode known ? known : kept.putObject(section);
        if (value.isEmpty()) {
            names.remove(name);
        } else {
            names.put(name, value);
        }
        write(kept);
    }

    private void write(ObjectNode kept) {
        try {
            Files.createDirectories(file.getParent());
            Path next = file.resolveSibling("settings.json.new");
            Files.writeString(next, Json.pretty(kept) + "\n");
            Files.move(next, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new CliError(file + " cannot be written: " + e.getMessage(), e);
        }
    }

    /// The default workspace: `AZURE_DEFAULTS_WORKSPACE` and `_GROUP` first, as in `az`.
    public Place place(Map<String, String> variables) {
        return new Place(
                first(variables.get("AZURE_DEFAULTS_WORKSPACE"), text("defaults", "workspace")),
                first(variables.get("AZURE_DEFAULTS_GROUP"), text("defaults", "group")),
                text("account", "subscription"));
    }

    private static @Nullable String first(@Nullable String one, @Nullable String other) {
        return one == null || one.isEmpty() ? other : one;
    }
}
