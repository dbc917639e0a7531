package atelier.datasets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import atelier.kernel.Problem;
import atelier.testkit.TestServer;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DataUrisTest {
    private static final String WS =
            "subscriptions/00000000-0000-0000-0000-000000000001/resourcegroups/atelier/workspaces/main";

    @TempDir
    Path folder;

    private DatasetsFixture fixture;

    @BeforeEach
    void open() {
        fixture = new DatasetsFixture(folder);
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    private Location resolve(String uri) {
        return fixture.datasets.uris().resolve(fixture.workspace, uri);
    }

    private String container() {
        return "azureml-blobstore-" + fixture.workspace.id();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "azureml://datastores/workspaceblobstore/paths/a/b.csv",
                "azureml://datastores/WorkspaceBlobStore/paths//a/b.csv/",
                "azureml://" + WS + "/datastores/workspaceblobstore/paths/a/b.csv",
                "azureml://subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/ATELIER/providers/"
                        + "Microsoft.MachineLearningServices/workspaces/Main/datastores/workspaceblobstore/paths/a/b.csv"
            })
    void datastoreAddressesInEveryForm(String uri) {
        assertThat(resolve(uri)).isEqualTo(new Location(container(), "a/b.csv"));
    }

    @ParameterizedTest
    @CsvSource({
        "https://localhost:8443/atelier.blob.core.local/c-1/a%20b/c.csv, a b/c.csv",
        "https://localhost:8443/atelier.blob.core.local/c-1/x.csv?sv=1&sig=a%2Fb, x.csv",
        "http://127.0.0.1:8444/blob/atelier/c-1/x.csv, x.csv",
        "https://atelier.blob.core.local/c-1/x.csv, x.csv",
        "wasbs://c-1@atelier.blob.core.local/x.csv, x.csv",
    })
    void addressesOfTheAccountsBlobs(String uri, String path) {
        assertThat(resolve(uri)).isEqualTo(new Location("c-1", path));
    }

    @ParameterizedTest
    @CsvSource({
        "azureml://jobs/j1/outputs/artifacts/paths/model/, azureml, ExperimentRun/dcid.j1/model",
        "runs:/j1/model, azureml, ExperimentRun/dcid.j1/model",
        "runs:/j1, azureml, ExperimentRun/dcid.j1",
    })
    void artifactsOfRuns(String uri, String container, String path) {
        assertThat(resolve(uri)).isEqualTo(new Location(container, path));
    }

    @Test
    void namedOutputsOfJobsAreInTheDefaultDatastore() {
        assertThat(resolve("azureml://jobs/j1/outputs/prepared/paths/part/1.csv"))
                .isEqualTo(new Location(container(), "azureml/j1/prepared/part/1.csv"));
        assertThat(resolve("azureml://" + WS + "/jobs/j1/outputs/prepared"))
                .isEqualTo(fixture.datasets.uris().jobOutput(fixture.workspace, "j1", "prepared"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "azureml:patients:1",
                "azureml:patients@latest",
                "patients:1",
                "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/atelier/providers/"
                        + "Microsoft.MachineLearningServices/workspaces/main/data/patients/versions/1",
                "azureml:/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/atelier/providers/"
                        + "Microsoft.MachineLearningServices/workspaces/main/data/patients/versions/1",
                "azureml://" + WS + "/data/patients/versions/1",
                "azureml://" + WS + "/data/patients/labels/latest"
            })
    void dataAssetsInEveryForm(String uri) {
        fixture.asset("patients", "1", "uri_file", "p.csv");
        assertThat(resolve(uri)).isEqualTo(new Location(container(), "p.csv"));
    }

    @Test
    void aUsersDatastoreIsAContainerHere() {
        fixture.datasets
                .datastores()
                .put(
                        fixture.workspace,
                        new Datastores.Draft(
                                "training",
                                Datastore.Type.AZURE_BLOB,
                                "training-data",
                                "someaccount",
                                "",
                                Map.of(),
                                Datastore.Details.of("AccountKey"),
                                null),
                        TestServer.USER);
        assertThat(resolve("azureml://datastores/training/paths/x")).isEqualTo(new Location("training-data", "x"));
        assertThat(fixture.blobs.containers()).contains("training-data");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "./local.csv", "/home/me/data.csv", "azureml://datastores/", "s3://bucket/x"})
    void whatIsNotAnAddressIsRefusedWithTheFormsThatAre(String uri) {
        assertThatThrownBy(() -> resolve(uri))
                .isInstanceOf(Problem.Invalid.class)
                .hasMessageContaining("azureml://datastores/<datastore>/paths/<path>");
    }

    @Test
    void aDatastoreWhoseBytesAreElsewhereSaysSo() {
        fixture.datasets
                .datastores()
                .put(
                        fixture.workspace,
                        new Datastores.Draft(
                                "lake",
                                Datastore.Type.AZURE_DATA_LAKE_GEN1,
                                "",
                                "",
                                "",
                                Map.of(),
                                Datastore.Details.of("None"),
                                null),
                        TestServer.USER);
        assertThatThrownBy(() -> resolve("azureml://datastores/lake/paths/x"))
                .isInstanceOf(Problem.Unsupported.class)
                .hasMessageContaining("AzureDataLakeGen1");
    }

    @Test
    void anUnknownDatastoreNamesThoseThatExist() {
        assertThatThrownBy(() -> resolve("azureml://datastores/nope/paths/x"))
                .isInstanceOf(Problem.NotFound.class)
                .hasMessageContaining("workspaceblobstore");
    }

    @Test
    void assetsThatPointAtEachOtherEnd() {
        var properties = atelier.kernel.Json.object().put("dataUri", "azureml:loop:1");
        fixture.assets.assets().put(fixture.workspace, "data", "loop", "1", properties, TestServer.USER);
        assertThatThrownBy(() -> resolve("azureml:loop:1")).hasMessageContaining("circle");
    }
}
