package atelier.cli.commands;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/// The nouns there are, made only when they are asked for.
final class Nouns {
    private static final Map<String, Supplier<Noun>> ALL = new LinkedHashMap<>();

    static {
        ALL.put("job", JobNoun::noun);
        ALL.put("data", AssetNouns::data);
        ALL.put("environment", AssetNouns::environment);
        ALL.put("component", AssetNouns::component);
        ALL.put("model", AssetNouns::model);
        ALL.put("online-endpoint", OnlineNouns::endpoint);
        ALL.put("online-deployment", OnlineNouns::deployment);
        ALL.put("batch-endpoint", BatchNouns::endpoint);
        ALL.put("batch-deployment", BatchNouns::deployment);
        ALL.put("compute", ComputeNoun::noun);
        ALL.put("datastore", OtherNouns::datastore);
        ALL.put("schedule", OtherNouns::schedule);
        ALL.put("workspace", WorkspaceNoun::noun);
        ALL.put("connection", OtherNouns::connection);
        ALL.put("mlflow", MlflowNoun::noun);
        ALL.put("import", ImportNoun::noun);
        ALL.put("registry", OtherNouns::registry);
    }

    private Nouns() {}

    static Map<String, Supplier<Noun>> all() {
        return java.util.Collections.unmodifiableMap(ALL);
    }
}
