package atelier.jobs.internal;

import atelier.kernel.Problem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.UUID;

/// Commands are written for paths without spaces: `python train.py --data ${{inputs.data}}`. When the data folder has a
/// space (or another character a shell splits at), jobs see it through a link that has none.
public final class PlainPath {
    private static final int TRIES = 100;

    private PlainPath() {}

    /// The same folder under a path that needs no quotes; always the same one for a folder.
    public static Path of(Path folder) {
        if (folder.toString().matches("[A-Za-z0-9/._+@%:=,-]+")) {
            return folder;
        }
        String id = UUID.nameUUIDFromBytes(folder.toString().getBytes(StandardCharsets.UTF_8))
                .toString()
                .substring(0, 8);
        try {
            Files.createDirectories(folder);
            for (int n = 0; n < TRIES; n++) {
                Path link = Path.of("/tmp", "atelier-" + id + (n == 0 ? "" : "-" + n));
                if (link(link, folder)) {
                    return link;
                }
            }
            throw new IOException("its names in /tmp are taken");
        } catch (IOException e) {
            throw new Problem.Unavailable("JobFolderNotReachable", "No link to " + folder + " could be made: " + e, e);
        }
    }

    /// False when somebody else has this name: whoever owns the link can point it elsewhere.
    private static boolean link(Path link, Path folder) throws IOException {
        try {
            Files.createSymbolicLink(link, folder);
            return true;
        } catch (FileAlreadyExistsException e) {
            return Files.isSymbolicLink(link)
                    && Files.readSymbolicLink(link).equals(folder)
                    && Files.getOwner(link, LinkOption.NOFOLLOW_LINKS).equals(Files.getOwner(folder));
        }
    }
}
