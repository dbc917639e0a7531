package atelier.jobs.internal;

import atelier.environments.Environments.Interpreter;
import atelier.experiments.Runs;
import atelier.identity.Tokens;
import atelier.jobs.JobEnvironment;
import atelier.jobs.Jobs.Job;
import atelier.kernel.Caller;
import atelier.workspace.Workspace;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

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

    /// @param inputs values and paths of inputs
    /// @param outputs paths of outputs
    Map<String, String> of(
            Workspace workspace,
            Job job,
            CommandPlan plan,
            JobFolder folder,
            Interpreter interpreter,
            Map<String, String> inputs,
            Map<String, String> outputs,
            Instant now) {
        Map<String, String> all = new LinkedHashMap<>(server.variables(workspace));
        String bin = interpreter.home().resolve("bin").toString();
        String path = System.getenv("PATH");
        all.put("PATH", path == null ? bin : bin + ":" + path);
        all.put("VIRTUAL_ENV", interpreter.home().toString());
        // What a script prints is seen at once, not when its buffer is full.
        all.put("PYTHONUNBUFFERED", "1");
        String token = token(job);
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
        all.putAll(plan.variables());
        return all;
    }

    private void azure(
            Map<String, String> all, Workspace workspace, Job job, JobFolder folder, String token, Instant now) {
        String parent = job.parent();
        all.put("AZUREML_RUN_ID", job.name());
        all.put("AZUREML_ROOT_RUN_ID", parent == null ? job.name() : parent);
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
        all.put(
                "AZUREML_CR_DATA_CAPABILITY_PATH",
                folder.root().resolve("inputs").toString());
        // Files that are put there are logs of the job, as they grow.
        all.put("ATELIER_JOB_LOGS", folder.log().toString());
        all.put("AZUREML_CR_NODE_RANK", "0");
        all.put("AZUREML_PROCESS_NAME", "rank_0");
    }

    private String token(Job job) {
        String name = "job:" + job.name();
        String id = UUID.nameUUIDFromBytes((job.workspaceId() + "/" + name).getBytes(StandardCharsets.UTF_8))
                .toString();
        return tokens.issue(new Caller(name, id, Caller.Kind.JOB), server.serverUrl(), TOKEN_LIFE);
    }
}
