package atelier.cli.imports;

import static org.assertj.core.api.Assertions.assertThat;

import atelier.cli.imports.Source.Experiment;
import atelier.cli.imports.Source.Model;
import atelier.cli.imports.Source.Registered;
import atelier.cli.imports.Source.Run;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Reading the tables of an MLflow 3; runs on each database. The columns are those that are read.
abstract class SqlSourceContract {
    private static final String RUN = "0123456789abcdef0123456789abcdef";
    private static final List<String> TABLES = List.of(
            "alembic_version (version_num VARCHAR(32))",
            "experiments (experiment_id INTEGER, name VARCHAR(256), artifact_location VARCHAR(256), lifecycle_stage"
                    + " VARCHAR(32), creation_time BIGINT, last_update_time BIGINT, workspace VARCHAR(63))",
            "experiment_tags (key VARCHAR(250), value TEXT, experiment_id INTEGER)",
            "runs (run_uuid VARCHAR(32), name VARCHAR(250), user_id VARCHAR(256), status VARCHAR(9), start_time BIGINT,"
                    + " end_time BIGINT, lifecycle_stage VARCHAR(20), artifact_uri VARCHAR(200), experiment_id INTEGER,"
                    + " deleted_time BIGINT)",
            "tags (key VARCHAR(250), value VARCHAR(8000), run_uuid VARCHAR(32))",
            "params (key VARCHAR(250), value VARCHAR(8000), run_uuid VARCHAR(32))",
            "metrics (key VARCHAR(250), value DOUBLE PRECISION, timestamp BIGINT, run_uuid VARCHAR(32), step BIGINT,"
                    + " is_nan BOOLEAN)",
            "latest_metrics (key VARCHAR(250), value DOUBLE PRECISION, timestamp BIGINT, step BIGINT, is_nan BOOLEAN,"
                    + " run_uuid VARCHAR(32))",
            "inputs (input_uuid VARCHAR(36), source_type VARCHAR(36), source_id VARCHAR(36), destination_type"
                    + " VARCHAR(36), destination_id VARCHAR(36), step BIGINT)",
            "input_tags (input_uuid VARCHAR(36), name VARCHAR(255), value VARCHAR(500))",
            "datasets (dataset_uuid VARCHAR(36), experiment_id INTEGER, name VARCHAR(500), digest VARCHAR(36),"
                    + " dataset_source_type VARCHAR(36), dataset_source TEXT, dataset_schema TEXT, dataset_profile TEXT)",
            "logged_models (model_id VARCHAR(36), experiment_id INTEGER, name VARCHAR(500), artifact_location"
                    + " VARCHAR(1000), creation_timestamp_ms BIGINT, last_updated_timestamp_ms BIGINT, status INTEGER,"
                    + " lifecycle_stage VARCHAR(32), model_type VARCHAR(500), source_run_id VARCHAR(32))",
            "logged_model_tags (model_id VARCHAR(36), tag_key VARCHAR(255), tag_value TEXT)",
            "logged_model_params (model_id VARCHAR(36), param_key VARCHAR(255), param_value TEXT)",
            "logged_model_metrics (model_id VARCHAR(36), metric_name VARCHAR(500), metric_timestamp_ms BIGINT,"
                    + " metric_step BIGINT, metric_value DOUBLE PRECISION, run_id VARCHAR(32), dataset_name VARCHAR(500),"
                    + " dataset_digest VARCHAR(36))",
            "registered_models (name VARCHAR(256), creation_time BIGINT, last_updated_time BIGINT, description"
                    + " VARCHAR(5000), workspace VARCHAR(63))",
            "registered_model_tags (key VARCHAR(250), value VARCHAR(5000), name VARCHAR(256), workspace VARCHAR(63))",
            "registered_model_aliases (alias VARCHAR(256), version INTEGER, name VARCHAR(256), workspace VARCHAR(63))",
            "model_versions (name VARCHAR(256), version INTEGER, creation_time BIGINT, last_updated_time BIGINT,"
                    + " description VARCHAR(5000), user_id VARCHAR(256), current_stage VARCHAR(20), source VARCHAR(500),"
                    + " run_id VARCHAR(32), run_link VARCHAR(500), storage_location VARCHAR(500), workspace VARCHAR(63))",
            "model_version_tags (key VARCHAR(250), value TEXT, name VARCHAR(256), version INTEGER, workspace VARCHAR(63))",
            "trace_info (request_id VARCHAR(50))");
    private static final List<String> ROWS = List.of(
            "alembic_version VALUES ('dc11669786a5')",
            "experiments VALUES (0, 'Default', '/r/0', 'active', 1, 2, 'default'),"
                    + " (3, 'old', '/r/3', 'deleted', 3, 4, 'default'), (4, 'theirs', '/r/4', 'active', 3, 4, 'team-b')",
            "experiment_tags VALUES ('team', 'a', 3)",
            "runs VALUES ('" + RUN + "', 'whole', 'maria', 'FINISHED', 100, 200, 'active', '/r/3/" + RUN
                    + "/artifacts', 3, NULL), ('f" + RUN.substring(1)
                    + "', 'gone', NULL, 'KILLED', NULL, 200, 'deleted', '/r/3/f/artifacts', 3, 300)",
            "params VALUES ('Zeta', '1', '" + RUN + "'), ('alpha', 'ä', '" + RUN + "')",
            "tags VALUES ('t', 'v', '" + RUN + "')",
            "metrics VALUES ('loss', 3, 10, '" + RUN + "', 5, FALSE), ('loss', 0, 11, '" + RUN
                    + "', 9, TRUE), ('loss', 2, 12, '" + RUN + "', 1, FALSE)",
            "latest_metrics VALUES ('loss', 0, 11, 9, TRUE, '" + RUN + "')",
            "datasets VALUES ('u1', 3, 'patients', 'd1', 'local', '{}', NULL, '{}')",
            "inputs VALUES ('i1', 'DATASET', 'u1', 'RUN', '" + RUN + "', 0), ('i2', 'RUN_OUTPUT', '" + RUN
                    + "', 'MODEL_OUTPUT', 'm-1', 7)",
            "input_tags VALUES ('i1', 'mlflow.data.context', 'training')",
            "logged_models VALUES ('m-1', 3, 'lr', '/r/3/models/m-1/artifacts', 5, 6, 2, 'active', '', '" + RUN + "')",
            "logged_model_params VALUES ('m-1', 'c', 'd')",
            "logged_model_metrics VALUES ('m-1', 'auc', 8, 1, 0.5, '" + RUN + "', 'patients', 'd1')",
            "registered_models VALUES ('churn', 50, NULL, NULL, 'default'), ('theirs', 50, 51, NULL, 'team-b')",
            "registered_model_aliases VALUES ('champion', 1, 'churn', 'default')",
            "model_versions VALUES ('churn', 1, 51, 52, '', 'maria', 'Production', 'models:/m-1', '" + RUN
                    + "', NULL, NULL, 'default'), ('churn', 2, 51, 52, '', NULL, 'Deleted_Internal', 'x', NULL, NULL,"
                    + " NULL, 'default')",
            "model_version_tags VALUES ('checked', 'yes', 'churn', 1, 'default')",
            "trace_info VALUES ('tr-1')");
    private SqlSource source;

    /// A connection to an empty database.
    abstract Connection connect() throws SQLException;

    /// The same database, as an import opens it.
    abstract SqlStore open();

    @BeforeEach
    void start() throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            for (String table : TABLES) {
                statement.execute("CREATE TABLE " + table);
            }
            for (String row : ROWS) {
                statement.execute("INSERT INTO " + row);
            }
        }
        source = new SqlSource(open());
    }

    @AfterEach
    void stop() {
        source.close();
    }

    private Experiment old() {
        return source.experiments().stream()
                .filter(e -> e.id().equals("3"))
                .findFirst()
                .orElseThrow();
    }

    private List<Run> runs() {
        List<Run> runs = new ArrayList<>();
        source.runs(old(), runs::addAll, (what, reason) -> {
            throw new AssertionError(what + ": " + reason);
        });
        return runs;
    }

    @Test
    void experimentsOfOtherWorkspacesAreLeft() {
        assertThat(source.experiments()).extracting(Experiment::name).containsExactly("Default", "old");
        assertThat(old().body().toString())
                .isEqualTo("{\"name\":\"old\",\"lifecycle\":\"deleted\",\"createdAt\":3,\"updatedAt\":4,"
                        + "\"tags\":{\"team\":\"a\"}}");
        assertThat(source.left())
                .containsEntry("traces", 1L)
                .containsEntry("experiments of other MLflow workspaces", 1L);
    }

    @Test
    void runsAreReadWithAllTheyHave() {
        List<Run> runs = runs();
        assertThat(runs).extracting(Run::id).containsExactly(RUN, "f" + RUN.substring(1));
        assertThat(runs.getFirst().latest().toString()).isEqualTo("{\"loss\":[\"NaN\",11,9]}");
        assertThat(runs.getFirst().body().path("params").toString()).contains("\"Zeta\":\"1\"", "\"alpha\":\"ä\"");
        assertThat(runs.getFirst().body().path("datasets").path(0).path("tags").toString())
                .isEqualTo("{\"mlflow.data.context\":\"training\"}");
        assertThat(runs.getFirst().body().path("made").toString()).isEqualTo("[{\"id\":\"m-1\",\"step\":7}]");
        assertThat(runs.get(1).body().path("deletedAt").asLong()).isEqualTo(300);
        assertThat(runs.get(1).body().path("startTime").asLong()).isEqualTo(200);
    }

    @Test
    void historiesAreReadInTheirOrder() {
        List<String> points = new ArrayList<>();
        source.points(runs().getFirst(), (key, value, time, step) -> points.add(key + " " + value + " " + step));
        assertThat(points).containsExactly("loss 3.0 5", "loss NaN 9", "loss 2.0 1");
    }

    @Test
    void loggedModelsAreRead() {
        List<Model> models = new ArrayList<>();
        source.models(old(), models::addAll, (what, reason) -> {
            throw new AssertionError(what + ": " + reason);
        });
        assertThat(models).hasSize(1);
        assertThat(models.getFirst().body().path("status").asString()).isEqualTo("LOGGED_MODEL_READY");
        assertThat(models.getFirst()
                        .body()
                        .path("metrics")
                        .path(0)
                        .path("datasetName")
                        .asString())
                .isEqualTo("patients");
    }

    @Test
    void theRegistryIsReadWithoutDeletedVersions() {
        List<Registered> models = source.registered();
        assertThat(models).extracting(Registered::name).containsExactly("churn");
        assertThat(models.getFirst().body().path("lastVersion").asLong()).isEqualTo(2);
        assertThat(models.getFirst().body().path("aliases").toString()).isEqualTo("{\"champion\":\"1\"}");
        assertThat(models.getFirst().versions()).hasSize(1);
        assertThat(models.getFirst().versions().getFirst().path("tags").toString())
                .isEqualTo("{\"checked\":\"yes\"}");
    }
}
