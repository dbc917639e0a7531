package atelier.jobs.internal;

import atelier.kernel.Json;
import atelier.kernel.Problem;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// A command in several processes (`distribution`, `resources.instance_count`). All nodes are this machine; each
/// process gets the variables that Azure Machine Learning, torchrun, TensorFlow or mpirun would set.
///
/// @param type `pytorch`, `tensorflow`, `mpi`, or `nodes` for one process a node without any framework
/// @param instances nodes asked for
/// @param perInstance processes on each node
/// @param parameterServers of TensorFlow; they are ended when all workers have ended
record Distribution(String type, int instances, int perInstance, int parameterServers) {
    /// More processes than that on one machine are a mistake rather than a wish.
    private static final int MOST = 64;

    /// @param port where the processes meet; those after it are used too: `count()` in all
    record Meeting(String host, int port) {}

    /// Null when the job is one process.
    ///
    /// @throws Problem.Unsupported `DistributionNotSupported`
    static @Nullable Distribution of(JsonNode properties) {
        int instances = number(properties.path("resources").path("instanceCount"), 1, "resources.instance_count");
        JsonNode given = properties.path("distribution");
        if (!given.isObject()) {
            return instances == 1 ? null : checked(new Distribution("nodes", instances, 1, 0));
        }
        String type = given.path("distributionType")
                .asString(given.path("type").asString(""))
                .toLowerCase(Locale.ROOT);
        int perInstance = number(given.path("processCountPerInstance"), 1, "distribution.process_count_per_instance");
        return checked(
                switch (type) {
                    case "pytorch", "mpi" -> new Distribution(type, instances, perInstance, 0);
                    case "tensorflow" -> {
                        int workers = number(given.path("workerCount"), instances, "distribution.worker_count");
                        JsonNode servers = given.path("parameterServerCount");
                        yield new Distribution(
                                type,
                                workers,
                                1,
                                servers.isMissingNode() || servers.isNull() || servers.asInt(0) == 0
                                        ? 0
                                        : number(servers, 0, "distribution.parameter_server_count"));
                    }
                    default ->
                        throw new Problem.Unsupported(
                                "DistributionNotSupported",
                                "A distribution of type '" + type
                                        + "' is not run by this server; it runs pytorch, tensorflow" + " and mpi.");
                });
    }

    private static Distribution checked(Distribution distribution) {
        if (distribution.count() > MOST) {
            throw new Problem.Invalid(
                    "TooManyProcesses",
                    "The job asks for " + distribution.count() + " processes; all run on this machine, which starts at"
                            + " most " + MOST + " for one job.",
                    "distribution");
        }
        return distribution;
    }

    private static int number(JsonNode given, int otherwise, String field) {
        if (given.isMissingNode() || given.isNull()) {
            return otherwise;
        }
        int number = given.isIntegralNumber() && given.canConvertToInt() ? given.asInt() : -1;
        if (number < 1) {
            throw new Problem.Invalid(
                    "InvalidArgument",
                    field + " must be a whole number from 1, not '" + given.asString("") + "'.",
                    field);
        }
        return number;
    }

    /// All processes.
    int count() {
        return instances * perInstance + parameterServers;
    }

    /// Those whose end is the job's: all but parameter servers.
    int needed() {
        return instances * perInstance;
    }

    /// In the words of the job's log.
    String sentence() {
        String what = switch (type) {
            case "tensorflow" ->
                instances + " workers"
                        + (parameterServers == 0 ? "" : " and " + parameterServers + " parameter servers");
            default ->
                instances + " nodes with " + perInstance + (perInstance == 1 ? " process" : " processes") + " each";
        };
        return "The job asks for " + what + ": " + count() + " processes are started on this machine; the logs are"
                + " user_logs/std_log_process_NN.txt."
                + (type.equals("mpi")
                        ? " Each has the variables of Open MPI's mpirun; an MPI library must come with the environment."
                        : "");
    }

    /// Variables of each process, by rank.
    List<Map<String, String>> variables(Meeting meeting) {
        List<Map<String, String>> all = new ArrayList<>();
        for (int rank = 0; rank < count(); rank++) {
            Map<String, String> variables = new LinkedHashMap<>();
            int node = rank < needed() ? rank / perInstance : 0;
            variables.put("AZUREML_CR_NODE_RANK", Integer.toString(node));
            variables.put("AZUREML_NODE_COUNT", Integer.toString(instances));
            variables.put("AZUREML_PROCESS_NAME", "rank_" + rank);
            switch (type) {
                case "pytorch" -> pytorch(variables, rank, meeting);
                case "tensorflow" -> tensorflow(variables, rank, meeting);
                case "mpi" -> mpi(variables, rank, meeting);
                default -> {
                    variables.put("NODE_RANK", Integer.toString(node));
                    meet(variables, meeting);
                }
            }
            all.add(variables);
        }
        return all;
    }

    private static void meet(Map<String, String> variables, Meeting meeting) {
        variables.put("MASTER_ADDR", meeting.host());
        variables.put("MASTER_PORT", Integer.toString(meeting.port()));
    }

    private void pytorch(Map<String, String> variables, int rank, Meeting meeting) {
        variables.put("RANK", Integer.toString(rank));
        variables.put("WORLD_SIZE", Integer.toString(count()));
        variables.put("LOCAL_RANK", Integer.toString(rank % perInstance));
        variables.put("LOCAL_WORLD_SIZE", Integer.toString(perInstance));
        variables.put("NODE_RANK", Integer.toString(rank / perInstance));
        meet(variables, meeting);
    }

    private void mpi(Map<String, String> variables, int rank, Meeting meeting) {
        variables.put("OMPI_COMM_WORLD_RANK", Integer.toString(rank));
        variables.put("OMPI_COMM_WORLD_SIZE", Integer.toString(count()));
        variables.put("OMPI_COMM_WORLD_LOCAL_RANK", Integer.toString(rank % perInstance));
        variables.put("OMPI_COMM_WORLD_LOCAL_SIZE", Integer.toString(perInstance));
        variables.put("OMPI_COMM_WORLD_NODE_RANK", Integer.toString(rank % perInstance));
        variables.put("OMPI_UNIVERSE_SIZE", Integer.toString(count()));
        variables.put("AZ_BATCH_MASTER_NODE", meeting.host() + ":" + meeting.port());
        variables.put("AZ_BATCHAI_MPI_MASTER_NODE", meeting.host());
        meet(variables, meeting);
    }

    private void tensorflow(Map<String, String> variables, int rank, Meeting meeting) {
        boolean worker = rank < needed();
        int index = worker ? rank : rank - needed();
        ObjectNode config = Json.object();
        ObjectNode cluster = config.putObject("cluster");
        addresses(cluster.putArray("worker"), 0, needed(), meeting);
        if (parameterServers > 0) {
            addresses(cluster.putArray("ps"), needed(), count(), meeting);
        }
        config.putObject("task").put("type", worker ? "worker" : "ps").put("index", index);
        config.put("environment", "cloud");
        variables.put("TF_CONFIG", Json.write(config));
        variables.put("AZUREML_PROCESS_NAME", (worker ? "worker_" : "ps_") + index);
    }

    private static void addresses(ArrayNode addresses, int from, int to, Meeting meeting) {
        for (int rank = from; rank < to; rank++) {
            addresses.add(meeting.host() + ":" + (meeting.port() + rank));
        }
    }
}
