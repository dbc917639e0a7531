package atelier.jobs.fakes;

import atelier.environments.Environments;
import atelier.kernel.Problem;
import atelier.workspace.Workspace;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;

/// `python` is built already; `slow` is built when told to; `broken` never is.
public final class FakeEnvironments implements Environments {
    private final Path home;
    private final CountDownLatch slow = new CountDownLatch(1);

    /// @param home a folder; its `bin` goes in front of the path
    public FakeEnvironments(Path home) {
        this.home = home;
    }

    public void finishSlowBuild() {
        slow.countDown();
    }

    @Override
    public Definition resolve(Workspace workspace, String reference) {
        String name = reference.substring(reference.lastIndexOf('/') + 1).replace("azureml:", "");
        if (reference.contains("/CliV2AnonymousEnvironment/")) {
            return fromConda(name);
        }
        if (!name.matches("python.*|slow|broken")) {
            throw new Problem.NotFound("There is no environment '" + reference + "'.");
        }
        return new Definition(name, "3", List.of(), "hash-" + name);
    }

    @Override
    public Definition fromConda(String condaYaml) {
        return new Definition("python", "3", List.of(), "hash-" + condaYaml.hashCode());
    }

    @Override
    public Interpreter materialize(Definition definition, Consumer<String> progress) {
        progress.accept("Collecting packages of " + definition.label());
        if (definition.label().equals("broken")) {
            throw new Problem.Invalid("EnvironmentBuildFailed", "No version of nosuchpackage was found.", null);
        }
        try {
            slow.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return interpreter(definition);
    }

    @Override
    public Optional<Interpreter> ifBuilt(Definition definition) {
        return definition.label().startsWith("python") ? Optional.of(interpreter(definition)) : Optional.empty();
    }

    private Interpreter interpreter(Definition definition) {
        return new Interpreter(home, "3", "", definition.hash());
    }
}
