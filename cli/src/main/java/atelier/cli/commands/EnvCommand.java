package atelier.cli.commands;

import atelier.cli.ClientVariables;
import atelier.cli.Session;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/// `eval "$(atelier env)"`: the variables that make unmodified clients talk to this server.
@Command(
        name = "env",
        description =
                "Exports for a shell, so that Azure ML, MLflow and storage clients use this server: eval \"$(atelier"
                        + " env)\"")
final class EnvCommand implements Callable<Integer> {
    @ParentCommand
    private @Nullable Root root;

    @Option(names = "--format", description = "shell (default) or dotenv, for files that are not run by a shell")
    private String format = "shell";

    @Override
    public Integer call() {
        Session session = Parents.session(root);
        ClientVariables variables = ClientVariables.of(session);
        session.out().print(format.equals("dotenv") ? variables.dotenv() : variables.exports());
        if (!ConfigCommand.existsAbove(session.resolve(""))) {
            session.err()
                    .println("# MLClient.from_config() looks for a config.json in this folder or above it;"
                            + " write one with: atelier config");
        }
        return 0;
    }
}
