package atelier.cli.commands;

import atelier.cli.Session;
import org.jspecify.annotations.Nullable;

/// The session a verb runs in; picocli sets the parent field after construction.
final class Parents {
    private Parents() {}

    static Session session(@Nullable Root root) {
        if (root == null) {
            throw new IllegalStateException("a verb was run outside of `atelier`");
        }
        return root.session();
    }
}
