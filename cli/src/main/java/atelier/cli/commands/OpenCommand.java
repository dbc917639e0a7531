package atelier.cli.commands;

import atelier.cli.Session;
import atelier.cli.StudioLink;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/// `atelier open`: a fresh link that opens the studio once.
@Command(name = "open", description = "Print a fresh one-time link to the studio.")
final class OpenCommand implements Callable<Integer> {
    @ParentCommand
    private @Nullable Root root;

    @Override
    public Integer call() {
        Session session = Parents.session(root);
        session.out().println("Studio: " + StudioLink.fresh(session.api()) + "   (opens once; another: atelier open)");
        return 0;
    }
}
