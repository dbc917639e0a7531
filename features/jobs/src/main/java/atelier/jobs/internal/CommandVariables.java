package atelier.jobs.internal;

import atelier.experiments.Runs;
import atelier.identity.Tokens;
import atelier.jobs.JobEnvironment;
import atelier.jobs.Jobs.Job;
import atelier.workspace.Workspace;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// The environment variables of a command: those that Azure Machine Learning sets (reference azureml-wire.md
/// 3.3),
/// those
/// that plain MLflow reads, then the job's own.
final class CommandVariables {
    /// A job that runs longer loses its access to the server.
    private static final Duration TOKEN_LIFE = Duration.ofDays(30);

    private final JobEnvironment server;
    private final Tokens tokens;
    private final Runs runs;

    CommandVariables(JobEnvironment server, Tokens tokens, Runs runs) {
        this.server = server;
        this.tokens = tokens;
        this.runs = runs;
    }

    /// @param homes of its Python: the job's own, then the shared environment's
    /// @param inputs values and paths of inputs
    /// @param outputs paths of outputs
    Map<String, String> of(
            Workspace workspace,
            Job job,
            CommandPlan plan,
            JobFolder folder,
            List<Path> homes,
            Map<String, String> inputs,
            Map<String, String> outputs,
            Instant now) {
        Map<String, String> all = new LinkedHashMap<>(server.variables(workspace));
        String bin = homes.stream()
                .distinct()
                .map(home -> home.resolve("bin").toString())
                .collect(Collectors.joining(":"));
        String path = System.getenv("PATH");
        all.put("PATH", path == null ? bin : bin + ":" + path);
        all.put("VIRTUAL_ENV", homes.getFirst().toString());
        all.put("AZUREML_CONDA_ENVIRONMENT_PATH", homes.getFirst().toString());
        // What a script prints is seen at once, not when its buffer is full.
        all.put("PYTHONUNBUFFERED", "1");
        String token = token(job);
        identity(all, job, token);
        azure(all, workspace, job, folder, token, now);
        String experiment =
                runs.find(workspace, job.name()).map(Runs.RunInfo::experimentId).orElse("0");
        all.put("AZUREML_EXPERIMENT_ID", experiment);
        all.put("MLFLOW_TRACKING_URI", server.serverUrl() + "/mlflow/v1.0" + workspace.armId());
        all.put("MLFLOW_TRACKING_TOKEN", token);
        all.put("MLFLOW_RUN_ID", job.name());
        all.put("MLFLOW_EXPERIMENT_ID", experiment);
        all.put("MLFLOW_EXPERIMENT_NAME", job.experimentName());
        inputs.forEach((name, value) -> {
            boolean literal = plan.inputs().get(name) instanceof CommandPlan.Input.Literal;
            all.put((literal ? "AZUREML_PARAMETER_" : "AZUREML_DATAREFERENCE_") + name, value);
            all.put("AZURE_ML_INPUT_" + name, value);
        });
        outputs.forEach((name, value) -> {
            all.put("AZUREML_DATAREFERENCE_" + name, value);
            all.put("AZURE_ML_OUTPUT_" + name, value);
        });
        if (job.properties().path("properties").has("hyperparameters")) {
            // A trial of a sweep finds its inputs and outputs under this prefix too.
            inputs.forEach((name, value) -> all.put("AZUREML_SWEEP_" + name, value));
            outputs.forEach((name, value) -> all.put("AZUREML_SWEEP_" + name, value));
        }
        all.putAll(plan.variables());
        return all;
    }

    private void azure(
            Map<String, String> all, Workspace workspace, Job job, JobFolder folder, String token, Instant now) {
        String parent = job.parent();
        String root =
                job.properties().path("properties").path("azureml.rootrunid").asString("");
        all.put("AZUREML_RUN_ID", job.name());
        all.put("AZUREML_ROOT_RUN_ID", !root.isEmpty() ? root : parent == null ? job.name() : parent);
        all.put("AZUREML_WORKSPACE_ID", workspace.id());
        all.put("AZUREML_WORKSPACE_SCOPE", workspace.armId());
        all.put("AZUREML_WORKSPACE_NAME", workspace.name());
        all.put("AZUREML_EXPERIMENT_SCOPE", workspace.armId() + "/experiments/" + job.experimentName());
        all.put("AZUREML_ARM_SUBSCRIPTION", workspace.subscriptionId());
        all.put("AZUREML_ARM_RESOURCEGROUP", workspace.resourceGroup());
        all.put("AZUREML_ARM_WORKSPACE_NAME", workspace.name());
        all.put("AZUREML_ARM_PROJECT_NAME", job.experimentName());
        all.put("AZUREML_SERVICE_ENDPOINT", server.serverUrl());
        all.put("AZUREML_RUN_HISTORY_SERVICE_ENDPOINT", server.serverUrl());
        all.put("AZUREML_RUN_TOKEN", token);
        all.put("AZUREML_RUN_TOKEN_EXPIRY", Long.toString(now.plus(TOKEN_LIFE).getEpochSecond()));
        all.put("AZUREML_CR_EXECUTION_WORKING_DIR_PATH", folder.code().toString());
        all.put("AZUREML_CR_DATA_CAPABILITY_PATH", folder.inputs().toString());
        // Files that are put there are logs of the job, as they grow.
        all.put("ATELIER_JOB_LOGS", folder.log().toString());
        all.put("AZUREML_DISCOVERY_SERVICE_ENDPOINT", server.serverUrl() + "/discovery");
        all.put("AZUREML_COMPUTE_USE_COMMON_RUNTIME", "true");
        all.put("AZUREML_CR_NODE_RANK", "0");
        all.put("AZUREML_NODE_COUNT", "1");
        all.put("AZUREML_PROCESS_NAME", "rank_0");
    }

    /// `DefaultAzureCredential` finds its managed identity by these, in the form of App Service and in that of Azure
    /// Machine Learning; the secret is the job's own token, which ends with the job.
    private void identity(Map<String, String> all, Job job, String token) {
        all.put("IDENTITY_HEADER", token);
        all.put("MSI_ENDPOINT", server.serverUrl() + "/msi/token");
        all.put("MSI_SECRET", token);
        String type = job.properties().path("identity").path("identityType").asString("");
        if (type.equalsIgnoreCase("UserIdentity")) {
            all.put("OBO_ENDPOINT", server.serverUrl() + "/obo/" + token + "/token");
        }
    }

    private String token(Job job) {
        return tokens.issue(JobCallers.of(job.workspaceId(), job.name()), server.serverUrl(), TOKEN_LIFE);
    }
}
