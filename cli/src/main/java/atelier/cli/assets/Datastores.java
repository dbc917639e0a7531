package atelier.cli.assets;

/// Names of datastores in YAML files.
public final class Datastores {
    public static final String DEFAULT = "workspaceblobstore";

    private Datastores() {}

    /// `name`, `azureml:name` or an ARM id, as the bare name.
    public static String name(String text) {
        String name = text.startsWith("azureml:") ? text.substring("azureml:".length()) : text;
        return name.substring(name.lastIndexOf('/') + 1);
    }
}
