package atelier.storage;

import atelier.kernel.Problem;
import java.util.regex.Pattern;

/// Where a blob is: container and name, in the one account of this installation.
///
/// @param container 3 to 63 of `a-z 0-9 -`, or `$root`, `$web`, `$logs`
/// @param name 1 to 1,024 characters; slashes are part of the name
public record BlobPath(String container, String name) {
    private static final Pattern CONTAINER =
            Pattern.compile("\\$root|\\$web|\\$logs|[a-z0-9](?!.*--)[a-z0-9-]{1,61}[a-z0-9]");

    public BlobPath {
        checkContainer(container);
        if (name.isEmpty() || name.length() > 1024 || name.indexOf('\0') >= 0) {
            throw new Problem.Invalid(
                    "InvalidResourceName", "A blob name has 1 to 1,024 characters and no NUL.", "name");
        }
    }

    /// @throws Problem.Invalid `InvalidResourceName`
    public static String checkContainer(String container) {
        if (!CONTAINER.matcher(container).matches()) {
            throw new Problem.Invalid(
                    "InvalidResourceName",
                    "A container name has 3 to 63 lower-case letters, digits and single '-'.",
                    "container");
        }
        return container;
    }

    /// The blob `name` below this one as a folder.
    public BlobPath child(String child) {
        return new BlobPath(container, name.endsWith("/") ? name + child : name + "/" + child);
    }

    @Override
    public String toString() {
        return container + "/" + name;
    }
}
