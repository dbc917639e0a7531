package atelier.jobs;

import atelier.datasets.DataUris;
import atelier.kernel.Problem;
import atelier.workspace.Workspace;
import org.jspecify.annotations.Nullable;

/// Where outputs of jobs are kept: where the job says, else `azureml/{job}/{output}` in the default
/// datastore.
public final class OutputUris {
    /// The datastore that every workspace has.
    public static final String DATASTORE = "workspaceblobstore";

    /// The output of every job that is the run's own artifacts: `outputs/`, `logs/` and logs.
    public static final String ARTIFACTS = "artifacts";

    private OutputUris() {}

    /// @param given the address the job asks for, with `${{name}}`, `${{output_name}}`,
    ///     `${{default_datastore}}`; or
    ///     null
    /// @throws Problem.Invalid `InvalidExpression` for others
    public static String of(
            DataUris uris, Workspace workspace, String job, String output, String type, @Nullable String given) {
        if (given == null && output.equals(ARTIFACTS)) {
            return uris.uriOf(workspace, "workspaceartifactstore", "ExperimentRun/dcid." + job);
        }
        if (given == null) {
            String folder = "azureml/" + job + "/" + output;
            // A file lies in the output's folder, where clients look for it.
            return uris.uriOf(workspace, DATASTORE, type.equals("uri_file") ? folder + "/" + output : folder);
        }
        return Expressions.replace(given, expression -> switch (expression) {
            case "name" -> job;
            case "output_name" -> output;
            case "default_datastore" -> DATASTORE;
            default ->
                throw new Problem.Invalid(
                        "InvalidExpression",
                        "'${{" + expression + "}}' has no meaning in the path of output '" + output + "'.",
                        "outputs." + output);
        });
    }
}
