package atelier.environments;

import atelier.workspace.Workspace;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;

/// From a definition to an interpreter: resolved, locked, built once, shared.
public interface Environments {
    /// Finds the definition behind a reference: ARM id of a version, `azureml:name:version`, `azureml:name@latest`
    /// (the SDK passes `AzureML-…@latest` through as it is), or
    /// `azureml://registries/azureml/environments/{n}/versions/{v}` and `…/labels/latest`.
    ///
    /// @throws atelier.kernel.Problem.NotFound naming near matches
    Definition resolve(Workspace workspace, String reference);

    /// A definition from the text of a conda file (a model's conda.yaml), without an asset.
    Definition fromConda(String condaYaml);

    /// The interpreter, building it first when it is not there. Blocks; concurrent callers of the same content share
    /// one
    /// build. `progress` gets human-readable lines (without newline) as they come.
    ///
    /// @throws atelier.kernel.Problem.Invalid `EnvironmentBuildFailed` with the tool's own words when packages
    ///     cannot be resolved
    /// @throws atelier.kernel.Problem.Unavailable `PackageIndexUnreachable` when the index does not answer and the
    ///     cache is not enough
    Interpreter materialize(Definition definition, Consumer<String> progress);

    /// The interpreter when it is already built.
    Optional<Interpreter> ifBuilt(Definition definition);

    /// What is asked for.
    ///
    /// @param label what people read: `name:version`
    /// @param python wanted version such as `3.10`, or empty for any
    /// @param requirements pip requirement lines, in order
    /// @param hash SHA-256 of what decides the result; equal definitions share one interpreter and one reuse key
    record Definition(String label, String python, java.util.List<String> requirements, String hash) {
        public Definition {
            requirements = java.util.List.copyOf(requirements);
        }
    }

    /// What was built.
    ///
    /// @param home folder of the virtual environment; `bin/python` is in it
    /// @param version Python's version
    /// @param lock exact requirement lines
    record Interpreter(Path home, String version, String lock, String hash) {
        public Path python() {
            return home.resolve("bin/python");
        }
    }
}
