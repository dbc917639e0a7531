package atelier.cli.imports;

import atelier.cli.CliError;
import atelier.cli.http.ApiError;
import atelier.cli.imports.OldFiles.Place;
import atelier.cli.imports.Remote.Owner;
import atelier.cli.imports.Source.Model;
import atelier.cli.imports.Source.Run;
import atelier.cli.imports.Tally.Fate;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Carries the files of runs and logged models into the artifact store of this server.
final class FileCarrier {
    static final String FILES = "files";
    private final Source source;
    private final Sender sender;
    private final OldFiles places;
    private final Tally tally;
    private final PrintStream progress;
    private final Set<String> told = new HashSet<>();

    FileCarrier(Source source, Sender sender, OldFiles places, Tally tally, PrintStream progress) {
        this.source = source;
        this.sender = sender;
        this.places = places;
        this.tally = tally;
        this.progress = progress;
    }

    void ofRuns(List<Run> runs, String experimentId) {
        List<String> done = new ArrayList<>();
        for (Run run : runs) {
            Owner owner = new Owner(run.id(), null, run.artifactUri());
            if (carry("run " + run.id(), owner, experimentId + "/" + run.id() + "/artifacts")) {
                done.add(run.id());
            }
        }
        sender.filesCame("run", done);
    }

    void ofModels(List<Model> models, String experimentId) {
        List<String> done = new ArrayList<>();
        for (Model model : models) {
            // Those of a deleted logged model cannot be reached, neither there nor here.
            boolean deleted = model.body().path("lifecycle").asString().equals("deleted");
            Owner owner = new Owner(null, model.id(), model.artifactUri());
            String target = experimentId + "/models/" + model.id() + "/artifacts";
            if (deleted || carry("logged model " + model.id(), owner, target)) {
                done.add(model.id());
            }
        }
        sender.filesCame("model", done);
    }

    /// True when all files are here now.
    private boolean carry(String what, Owner owner, String target) {
        return switch (places.find(owner.artifactUri())) {
            case Place.Local local -> {
                Path above = root(local.folder());
                if (!Files.isDirectory(local.folder()) && !Files.isDirectory(above)) {
                    missing(
                            what,
                            above
                                    + " is not there; if the files were moved, say where they are: --artifacts FROM=FOLDER");
                    yield false;
                }
                yield folder(what, local.folder(), target);
            }
            case Place.Served _ -> served(what, owner, target);
            case Place.Elsewhere elsewhere -> {
                if (told.add(elsewhere.uri().replaceFirst("(://[^/]*).*", "$1"))) {
                    progress.println("Files at " + elsewhere.uri().replaceFirst("(://[^/]*).*", "$1")
                            + " stay there; clients read them where they are.");
                }
                yield true;
            }
            case Place.Nowhere nowhere -> {
                missing(what, nowhere.reason());
                yield false;
            }
        };
    }

    /// The folder of all experiments, of `{root}/{experiment}/{run}/artifacts` or `…/models/{id}/artifacts`: a run or
    /// experiment without files has no folder.
    private static Path root(Path artifacts) {
        Path above = artifacts;
        boolean ofModel = artifacts.getNameCount() > 2
                && String.valueOf(artifacts.getName(artifacts.getNameCount() - 3))
                        .equals("models");
        for (int i = 0; i < (ofModel ? 4 : 3); i++) {
            Path parent = above.getParent();
            above = parent == null ? above : parent;
        }
        return above;
    }

    /// No failure: many keep no files at all. Told once for each place.
    private void missing(String what, String reason) {
        if (told.add(reason)) {
            tally.add(FILES, Fate.LEFT, "files of " + what + " and others", reason);
        } else {
            tally.add(FILES, Fate.LEFT, 1);
        }
    }

    private void unreadable(String what, String reason) {
        tally.add(FILES, Fate.REFUSED, "files of " + what, reason);
    }

    /// All files of a folder; true when all came.
    boolean folder(String what, Path folder, String target) {
        boolean all = true;
        try {
            for (String path : OldFiles.list(folder)) {
                all &= one(what, path, () -> sender.upload(target + "/" + path, folder.resolve(path)));
            }
        } catch (IOException | java.io.UncheckedIOException e) {
            unreadable(what, folder + " cannot be read: " + e.getMessage());
            return false;
        }
        return all;
    }

    private boolean served(String what, Owner owner, String target) {
        boolean all = true;
        List<String> paths;
        try {
            paths = source.remote().list(owner);
        } catch (CliError | ApiError e) {
            unreadable(what, e instanceof CliError c ? c.sentence() : ((ApiError) e).sentence());
            return false;
        }
        for (String path : paths) {
            all &= one(what, path, () -> {
                try (InputStream in = source.remote().open(owner, path)) {
                    sender.upload(target + "/" + path, in);
                } catch (IOException e) {
                    throw new CliError("'" + path + "' cannot be read: " + e.getMessage(), e);
                }
            });
        }
        return all;
    }

    private boolean one(String what, String path, Runnable upload) {
        try {
            upload.run();
            tally.add(FILES, Fate.TAKEN, 1);
            return true;
        } catch (ApiError e) {
            tally.add(FILES, Fate.REFUSED, "'" + path + "' of " + what, e.sentence());
            return false;
        }
    }
}
