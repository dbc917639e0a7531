package atelier.cli.commands;

import atelier.cli.Session;
import atelier.cli.http.Api;
import atelier.cli.output.Printer;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParentCommand;

/// `atelier compute …`
@Command(name = "compute", description = "Computes: list.", synopsisSubcommandLabel = "VERB")
final class ComputeCommand {
    @ParentCommand
    private @Nullable Root root;

    private Session session() {
        return Parents.session(root);
    }

    @Command(name = "list", description = "List the computes.")
    int list(@Mixin ListOptions list) {
        Api api = session().api();
        list.printer(session())
                .list(
                        list.all(api, api.workspace() + "/computes"),
                        List.of(
                                new Printer.Column("name", "/name"),
                                new Printer.Column("type", "/properties/computeType"),
                                new Printer.Column("state", "/properties/provisioningState")));
        return 0;
    }
}
