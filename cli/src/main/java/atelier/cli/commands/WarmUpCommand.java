package atelier.cli.commands;

import atelier.cli.CliError;
import atelier.cli.Session;
import atelier.cli.entities.Jobs;
import atelier.cli.output.Form;
import atelier.cli.output.Printer;
import atelier.cli.output.Query;
import atelier.kernel.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;
import tools.jackson.databind.JsonNode;

/// Run once by the build, so that what an ordinary verb needs (words, YAML, TLS, HTTP, JSON, tables, queries) is in the
/// start-up cache. On the data folder of a running server its verbs are real ones, none of which changes anything;
/// without a server there is less to learn.
@Command(name = "warm-up", hidden = true)
final class WarmUpCommand implements Callable<Integer> {
    private static final List<String> OFFLINE = List.of("job create --help", "job --help", "data create --help");
    private static final List<String> VERBS = List.of(
            "job list",
            "job list -o json",
            "data list -o yaml",
            "environment list",
            "component list",
            "model list",
            "compute list",
            "compute list --query [0].name -o tsv",
            "datastore list",
            "workspace show",
            "online-endpoint list",
            "batch-endpoint list",
            "schedule list",
            "job show --name not-there",
            "status");
    private static final String YAML = """
            $schema: https://azuremlschemas.azureedge.net/latest/commandJob.schema.json
            type: command
            command: echo ${{inputs.word}}
            inputs:
              word: hello
            environment: azureml:python@latest
            """;
    private static final JsonNode JOB = Json.parse("""
            {"name":"a","id":"/x/jobs/a","systemData":{"createdAt":"2020-01-01T00:00:00Z","createdBy":"you"},
             "properties":{"jobType":"Command","displayName":"a","experimentName":"e","status":"Completed","command":"c",
              "tags":{"k":"v"},"services":{"Studio":{"endpoint":"https://here","jobServiceType":"Studio"}},
              "inputs":{"n":{"jobInputType":"literal","value":"1"}},"outputs":{"o":{"jobOutputType":"uri_folder"}},
              "resources":{"instanceCount":1},"environmentVariables":{"A":"b"}}}""");

    @ParentCommand
    private @Nullable Root root;

    @Override
    public Integer call() throws IOException {
        Session session = Parents.session(root);
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        Session quiet = new Session(
                new Session.Surroundings(nowhere, nowhere, session.resolve(""), session.variables()),
                session.dataFolder(),
                session.waiting(),
                session.random());
        OFFLINE.forEach(verb -> Root.run(quiet, verb.split(" ")));
        validate(quiet);
        for (Form form : Form.values()) {
            new Printer(nowhere, form)
                    .print(Json.array().add(Jobs.entity(JOB)), List.of(new Printer.Column("name", "/name")));
        }
        Query.of("[?status=='Completed'].{name: name, first: tags.k} | [0]")
                .on(Json.array().add(Jobs.entity(JOB)));
        Optional<String> failed = session.files().server().isEmpty()
                ? Optional.empty()
                : VERBS.stream()
                        .filter(verb -> Root.run(quiet, verb.split(" ")) != (verb.contains("not-there") ? 1 : 0))
                        .findFirst();
        failed.ifPresent(verb -> {
            throw new CliError("'" + verb + "' did not run on the data folder " + session.dataFolder() + ".");
        });
        return 0;
    }

    private static void validate(Session quiet) throws IOException {
        Path file = Files.createTempFile("atelier-warm-up", ".yml");
        try {
            Files.writeString(file, YAML);
            Root.run(quiet, new String[] {"job", "validate", "-f", file.toString()});
        } finally {
            Files.delete(file);
        }
    }
}
