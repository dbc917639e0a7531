package atelier.environments.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import atelier.environments.BuildStatus;
import atelier.environments.Environments.Definition;
import atelier.environments.Environments.Interpreter;
import atelier.kernel.Problem;
import atelier.testkit.SettableClock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LockedEnvironmentsTest {
    @TempDir
    Path data;

    private final FakeTool tool = new FakeTool();
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private LockedEnvironments environments;

    @BeforeEach
    void start() {
        environments = started("3.11.7");
    }

    private LockedEnvironments started(String version) {
        Pythons pythons = new Pythons(
                () -> List.of(new Pythons.Python(Path.of("/python", version), PythonVersion.parse(version), true)));
        Map<String, String> variables = Map.of();
        return new LockedEnvironments(
                new Definitions(new FakeAssets(), Curated.load(), (_, _, _) -> java.util.Optional.empty()),
                pythons,
                new Uv(tool, pythons, data, variables),
                new EnvironmentFolders(data.resolve("environments")),
                new SettableClock());
    }

    private static Definition of(String... requirements) {
        return Requirements.definition("test:1", "3.11", List.of(requirements));
    }

    @Test
    void aDefinitionIsResolvedLockedAndInstalled() throws Exception {
        Interpreter interpreter = environments.materialize(of("b>2", "a"), lines::add);

        assertThat(interpreter.lock().lines()).containsExactly("b==1.0", "a==1.0");
        assertThat(interpreter.version()).isEqualTo("3.11.7");
        assertThat(interpreter.python()).isExecutable();
        assertThat(Files.readAllLines(interpreter.home().resolve("bin/installed.txt")))
                .containsExactly("b==1.0", "a==1.0");
        assertThat(lines).contains("installing uv, which installs packages (once)", "Installed things");
    }

    @Test
    void theSecondTimeNothingRuns() {
        environments.materialize(of("a"), lines::add);
        int calls = tool.calls.size();

        Interpreter again = started("3.11.7").materialize(of("a"), lines::add);

        assertThat(tool.calls).hasSize(calls);
        assertThat(environments.ifBuilt(of("a"))).contains(again);
    }

    @Test
    void twoDefinitionsWithOneLockShareTheFolder() {
        Interpreter one = environments.materialize(of("a"), lines::add);
        Interpreter two = environments.materialize(of("a>=0.5"), lines::add);

        assertThat(two.home()).isEqualTo(one.home());
        assertThat(tool.count("--compile-bytecode")).isEqualTo(1);
        assertThat(lines).contains("the same packages are installed already");
    }

    @Test
    void anotherPythonIsAnotherEnvironment() {
        Interpreter one = environments.materialize(of("a"), lines::add);
        LockedEnvironments newer = started("3.12.1");

        Interpreter two = newer.materialize(Requirements.definition("x", "3.12", List.of("a")), lines::add);

        assertThat(two.home()).isNotEqualTo(one.home());
    }

    @Test
    void manyWhoWaitForOneContentShareOneBuildAndAllHearIt() throws Exception {
        tool.mayInstall = new CountDownLatch(1);
        List<String> other = new CopyOnWriteArrayList<>();
        try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Interpreter> first = executor.submit(() -> environments.materialize(of("a"), lines::add));
            tool.installing.await();
            Future<Interpreter> second = executor.submit(() -> environments.materialize(of("a"), other::add));
            assertThat(environments.status(of("a")).status()).isEqualTo(BuildStatus.State.BUILDING);
            assertThat(environments.start(of("a")).log()).contains("Installed things");
            tool.mayInstall.countDown();
            assertThat(second.get()).isEqualTo(first.get());
        }
        assertThat(tool.count("--compile-bytecode")).isEqualTo(1);
        assertThat(environments.status(of("a")).status()).isEqualTo(BuildStatus.State.SUCCEEDED);
    }

    @Test
    void twoServersOnOneFolderBuildOnce() throws Exception {
        tool.mayInstall = new CountDownLatch(1);
        LockedEnvironments second = started("3.11.7");
        try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Interpreter> first = executor.submit(() -> environments.materialize(of("a"), lines::add));
            tool.installing.await();
            Future<Interpreter> other = executor.submit(() -> second.materialize(of("a"), lines::add));
            tool.mayInstall.countDown();
            assertThat(other.get()).isEqualTo(first.get());
        }
        assertThat(tool.count("--compile-bytecode")).isEqualTo(1);
        assertThat(tool.count("-m venv")).isEqualTo(1);
    }

    @Test
    void whoStopsWaitingDoesNotStopTheBuild() throws Exception {
        tool.mayInstall = new CountDownLatch(1);
        Thread waiting = Thread.ofVirtual()
                .unstarted(() -> assertThatThrownBy(() -> environments.materialize(of("a"), lines::add))
                        .isInstanceOf(Problem.Unavailable.class));
        waiting.start();
        tool.installing.await();
        waiting.interrupt();
        waiting.join();
        tool.mayInstall.countDown();

        assertThat(environments.materialize(of("a"), lines::add).lock()).contains("a==1.0");
        assertThat(tool.count("--compile-bytecode")).isEqualTo(1);
    }

    @Test
    void aPackageThatDoesNotExistIsSaidInTheToolsWords() {
        assertThatThrownBy(() -> environments.materialize(of("missing"), lines::add))
                .isInstanceOf(Problem.Invalid.class)
                .hasMessageContaining("'test:1' cannot be resolved")
                .hasMessageContaining("missing was not found in the package registry")
                .extracting(e -> ((Problem) e).code())
                .isEqualTo("EnvironmentBuildFailed");
        BuildStatus status = environments.status(of("missing"));
        assertThat(status.status()).isEqualTo(BuildStatus.State.FAILED);
        assertThat(status.error()).contains("was not found");
        assertThat(status.log()).contains("resolving 1 requirements").contains("was not found");
    }

    @Test
    void aFailedBuildIsTriedAgainAndLeavesNoHalfEnvironment() {
        tool.installFails = true;
        assertThatThrownBy(() -> environments.materialize(of("a"), lines::add)).hasMessageContaining("No space left");
        assertThat(environments.ifBuilt(of("a"))).isEmpty();
        tool.installFails = false;

        assertThat(environments.materialize(of("a"), lines::add).python()).isExecutable();
    }

    @Test
    void withoutTheIndexTheCacheIsEnoughForWhatItHas() {
        environments.materialize(of("a"), lines::add);
        tool.indexDown = true;

        Interpreter interpreter = environments.materialize(of("a<9"), lines::add);

        assertThat(interpreter.lock()).contains("a==1.0");
        assertThat(lines).contains("The package index does not answer; trying with the packages in the cache.");
    }

    @Test
    void withoutTheIndexAndWithoutTheCacheTheSentenceNamesTheIndex() {
        environments.materialize(of("a"), lines::add);
        tool.indexDown = true;

        assertThatThrownBy(() -> environments.materialize(of("b"), lines::add))
                .isInstanceOf(Problem.Unavailable.class)
                .hasMessageContaining("does not answer")
                .hasMessageContaining("client error (Connect)");
    }

    @Test
    void withoutTheIndexUvItselfCannotCome() {
        tool.indexDown = true;

        assertThatThrownBy(() -> environments.materialize(of("a"), lines::add))
                .isInstanceOf(Problem.Unavailable.class)
                .hasMessageContaining("uv is needed")
                .extracting(e -> ((Problem) e).code())
                .isEqualTo("PackageIndexUnreachable");
    }

    @Test
    void anEnvironmentWhoseFolderWasLostComesBackWithTheSameLock() {
        Interpreter first = environments.materialize(of("a"), lines::add);
        EnvironmentFolders.delete(first.home());
        assertThat(environments.status(of("a")).status()).isEqualTo(BuildStatus.State.NOT_BUILT);

        assertThat(environments.materialize(of("a"), lines::add)).isEqualTo(first);
        assertThat(tool.count("pip compile")).isEqualTo(1);
    }

    @Test
    void aFolderThatWasNotFinishedIsBuiltAnew() throws Exception {
        Interpreter first = environments.materialize(of("a"), lines::add);
        Files.delete(first.home().resolve("atelier-environment.json"));
        Path rest = Files.writeString(first.home().resolve("rest"), "half");

        environments.materialize(of("a"), lines::add);

        assertThat(rest).doesNotExist();
    }

    @Test
    void withoutRequirementsThereIsAnInterpreterAndNothingIsResolved() {
        Interpreter interpreter = environments.materialize(of(), lines::add);

        assertThat(interpreter.python()).isExecutable();
        assertThat(interpreter.lock()).isEmpty();
        assertThat(tool.count("pip compile") + tool.count("--compile-bytecode")).isZero();
    }

    @Test
    void aPythonThatIsNotThereIsSaidInTheLog() {
        environments.materialize(Requirements.definition("x", "3.8", List.of("a")), lines::add);

        assertThat(lines).anySatisfy(line -> assertThat(line).contains("Python 3.8 is not installed"));
    }

    @Test
    void whatTheCondaFileLostIsSaidInTheLog() {
        environments.materialize(environments.fromConda("dependencies: [mkl, a]"), lines::add);

        assertThat(lines).anySatisfy(line -> assertThat(line).contains("'mkl'"));
    }

    @Test
    void optionsGoToTheResolverAndToTheInstallation() throws Exception {
        Interpreter interpreter = environments.materialize(of("--no-index", "a"), lines::add);

        assertThat(Files.readAllLines(interpreter.home().resolve("bin/installed.txt")))
                .contains("--no-index", "a==1.0");
    }
}
