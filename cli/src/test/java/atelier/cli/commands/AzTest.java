package atelier.cli.commands;

import static atelier.cli.testing.FakeAtelier.WS;
import static org.assertj.core.api.Assertions.assertThat;

import atelier.cli.testing.FakeAtelier;
import atelier.cli.testing.FakeAtelier.Answer;
import atelier.cli.testing.TestSession;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AzTest {
    private static final String JOB =
            "{\"id\":\"" + WS + "/jobs/j\",\"name\":\"j\",\"properties\":{\"jobType\":\"Command\","
                    + "\"status\":\"Completed\",\"displayName\":\"a run\",\"computeId\":\"" + WS + "/computes/c\","
                    + "\"services\":{\"Studio\":{\"jobServiceType\":\"Studio\",\"endpoint\":\"https://studio/j\"}},"
                    + "\"inputs\":{\"rate\":{\"jobInputType\":\"literal\",\"value\":\"0.1\"},\"d\":{\"jobInputType\":\"uri_file\","
                    + "\"mode\":\"ReadOnlyMount\",\"uri\":\"" + WS + "/data/x/versions/2\"}},\"outputs\":{}}}";

    @TempDir
    private Path folder;

    private FakeAtelier atelier;

    @BeforeEach
    void start() throws IOException {
        atelier = new FakeAtelier(folder.resolve("home"));
        atelier.has("", "{\"name\":\"w\",\"location\":\"local\",\"properties\":{}}");
        atelier.has("/jobs/j", JOB);
    }

    @AfterEach
    void stop() {
        atelier.close();
    }

    private TestSession az(String... words) {
        TestSession session = new TestSession(atelier.home(), folder);
        String[] all = new String[words.length + 1];
        all[0] = "az";
        System.arraycopy(words, 0, all, 1, words.length);
        int status = session.run(all);
        assertThat(status).as(session.err()).isZero();
        return session;
    }

    private TestSession failed(String... words) {
        TestSession session = new TestSession(atelier.home(), folder);
        String[] all = new String[words.length + 1];
        all[0] = "az";
        System.arraycopy(words, 0, all, 1, words.length);
        assertThat(session.run(all)).isNotZero();
        return session;
    }

    @Test
    void aJobIsPrintedInTheWordsOfItsYaml() {
        String out = az("ml", "job", "show", "-n", "j").out();
        assertThat(out)
                .contains("\"type\": \"command\"")
                .contains("\"display_name\": \"a run\"")
                .contains("\"compute\": \"azureml:c\"")
                .contains("\"rate\": \"0.1\"")
                .contains("\"path\": \"azureml:x:2\"")
                .contains("\"mode\": \"ro_mount\"");
    }

    @Test
    void queriesAndTsvAreThoseOfAz() {
        assertThat(az("ml", "job", "show", "-n", "j", "--query", "services.Studio.endpoint", "-o", "tsv")
                        .out())
                .isEqualTo("https://studio/j\n");
        assertThat(az("ml", "job", "show", "-n", "j", "--query", "status").out())
                .isEqualTo("\"Completed\"\n");
        assertThat(az("ml", "job", "show", "-n", "j", "--query", "[name, status]", "-o", "tsv")
                        .out())
                .isEqualTo("j\nCompleted\n");
        assertThat(az("ml", "job", "show", "-n", "j", "--query", "{Name: name, None: nothing}", "-o", "tsv")
                        .out())
                .isEqualTo("j\t\n");
        assertThat(az("ml", "job", "show", "-n", "j", "-o", "none").out()).isEmpty();
    }

    @Test
    void aQueryThatIsNoneIsSaid() {
        assertThat(failed("ml", "job", "show", "-n", "j", "--query", "[").err())
                .contains("is not a JMESPath expression");
    }

    @Test
    void listsTakeQueriesToo() {
        atelier.answer(
                "GET", "{ws}/jobs", Answer.ok("{\"value\":[" + JOB + "," + JOB.replace("Completed", "Failed") + "]}"));
        assertThat(az("ml", "job", "list", "--query", "[?status=='Failed'].{n: name, s: status}", "-o", "table")
                        .out())
                .isEqualTo("N  S\nj  Failed\n");
    }

    @Test
    void defaultsAreKeptAndChooseTheWorkspace() {
        az("configure", "--defaults", "group=g2", "workspace=w2");
        assertThat(az("configure", "-l", "--query", "[?name=='workspace'].value", "-o", "tsv")
                        .out())
                .isEqualTo("w2\n");
        atelier.answer(
                "GET",
                WS.replace("/g/", "/g2/").replace("/w", "/w2").replace("/w2orkspaces", "/workspaces") + "/computes",
                Answer.ok("{\"value\":[]}"));
        assertThat(az("ml", "compute", "list").out()).isEqualTo("[ ]\n");
        TestSession own = new TestSession(atelier.home(), folder);
        assertThat(own.run("config", "there")).isZero();
        assertThat(folder.resolve("there/.azureml/config.json"))
                .content()
                .contains("\"w2\"")
                .contains("\"g2\"");
    }

    @Test
    void aResourceGroupIsMadeOnTheServer() {
        az("group", "create", "--name", "g9", "--location", "eastus");
        assertThat(atelier.requests)
                .anyMatch(each -> each.method().equals("PUT")
                        && each.path().equals("/subscriptions/s/resourcegroups/g9")
                        && each.body().contains("eastus"));
    }

    @Test
    void theVariablesOfAShellAreThoseOfTheDefaultWorkspace() {
        az("configure", "--defaults", "group=g2", "workspace=w2");
        TestSession shell = new TestSession(atelier.home(), folder);
        assertThat(shell.run("env")).isZero();
        assertThat(shell.out())
                .contains("export AZUREML_ARM_WORKSPACE_NAME='w2'\n")
                .contains("export AZUREML_ARM_RESOURCEGROUP='g2'\n")
                .containsPattern("MLFLOW_TRACKING_URI='.*/resourceGroups/g2/.*/workspaces/w2'");
    }

    @Test
    void aDefaultGroupWithoutAWorkspaceLeavesAShellItsVariables() {
        az("configure", "--defaults", "group=empty");
        TestSession shell = new TestSession(atelier.home(), folder);
        assertThat(shell.run("env")).isZero();
        assertThat(shell.out()).contains("export AZUREML_ARM_WORKSPACE_NAME='w'\n");
    }

    @Test
    void aWorkspaceIsMadeInTheDefaultGroup() {
        az("configure", "--defaults", "group=g3", "location=westeurope");
        assertThat(az("ml", "workspace", "create", "--name", "w3", "--query", "name", "-o", "tsv")
                        .out())
                .isEqualTo("w3\n");
        assertThat(atelier.requests)
                .anyMatch(each -> each.method().equals("PUT")
                        && each.path()
                                .endsWith(
                                        "/resourceGroups/g3/providers/Microsoft.MachineLearningServices/workspaces/w3")
                        && each.body().contains("westeurope"));
    }

    @Test
    void aComputeIsMadeFromOptionsAlone() {
        az("ml", "compute", "create", "--name", "c", "--size", "S", "--max-instances", "2", "--type", "AmlCompute");
        assertThat(atelier.put("/computes/c").toString())
                .contains("\"computeType\":\"AmlCompute\"")
                .contains("\"vmSize\":\"S\"")
                .contains("\"maxNodeCount\":2,\"minNodeCount\":0");
    }

    @Test
    void dataIsMadeFromOptionsAlone() throws IOException {
        Files.writeString(folder.resolve("a.csv"), "x\n");
        assertThat(az(
                                "ml",
                                "data",
                                "create",
                                "--type",
                                "uri_file",
                                "--name",
                                "d",
                                "--path",
                                "./a.csv",
                                "--query",
                                "version",
                                "-o",
                                "tsv")
                        .out())
                .isEqualTo("1\n");
        assertThat(atelier.put("/data/d/versions/1").at("/properties/dataUri").asString())
                .endsWith("/a.csv");
    }

    @Test
    void optionsMayBeShortenedAsInAz() {
        atelier.has(
                "/onlineEndpoints/ep/deployments/blue",
                "{\"name\":\"blue\",\"properties\":{\"provisioningState\":\"Succeeded\"}}");
        assertThat(az(
                                "ml",
                                "online-deployment",
                                "show",
                                "--endpoint",
                                "ep",
                                "-n",
                                "blue",
                                "--query",
                                "provisioning_state",
                                "--out",
                                "tsv")
                        .out())
                .isEqualTo("Succeeded\n");
    }

    @Test
    void whatALocalWorkspaceCannotDoFailsWithASentence() {
        assertThat(failed("vm", "list").err()).contains("'vm list' is not here").contains("az ml");
        assertThat(failed("account", "set", "-s", "other").err()).contains("no subscription 'other'");
        assertThat(failed("extension", "add", "-n", "databricks").err()).contains("only 'ml'");
        assertThat(failed("ml", "job", "connect-ssh", "-n", "j").err()).contains("without a shell");
    }

    @Test
    void whatIsAlwaysThereIsNotInstalledAgain() {
        assertThat(az("extension", "add", "-n", "ml", "-y").err()).contains("part of Atelier");
        assertThat(az("provider", "register", "--namespace", "Microsoft.MachineLearningServices")
                        .err())
                .contains("always registered");
        assertThat(az("account", "show", "--query", "id", "-o", "tsv").out()).isEqualTo("s\n");
        assertThat(az("version").out()).contains("\"ml\": \"test\"");
    }

    @Test
    void setTakesSeveralChangesAndListIndexes() throws IOException {
        Files.writeString(
                folder.resolve("job.yml"),
                "command: x\nenvironment: azureml:e:1\nservices: {s: {type: ssh}}\ntags: {a: b}\n");
        az("ml", "job", "create", "-f", "job.yml", "--name", "k", "--set", "tags.a=c", "tags.n=1", "display_name=007");
        assertThat(atelier.put("/jobs/k").at("/properties/tags").toString()).isEqualTo("{\"a\":\"c\",\"n\":\"1\"}");
        assertThat(atelier.put("/jobs/k").at("/properties/displayName").asString())
                .isEqualTo("007");
    }
}
