package atelier.app;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// The invariants of the house (INVARIANTS.md), run over every compiled class.
class ArchitectureTest {
    private static final Set<String> BELOW_FEATURES = Set.of("kernel", "web", "store", "testkit");
    private static final Set<String> ENDS_OF_TRANSACTION = Set.of("afterCommit", "afterRollback");
    private static JavaClasses classes;

    @BeforeAll
    static void read() {
        classes = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("atelier");
        assertThat(classes.size()).isGreaterThan(100);
    }

    @Test
    void onlyWebKnowsJetty() {
        noClasses()
                .that()
                .resideOutsideOfPackage("atelier.web..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.eclipse.jetty..")
                .because("the web server is an implementation detail of the module web")
                .check(classes);
    }

    @Test
    void onlyStoreKnowsThePool() {
        noClasses()
                .that()
                .resideOutsideOfPackage("atelier.store..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("com.zaxxer..", "org.flywaydb..", "org.sqlite..", "org.postgresql..")
                .because("databases are opened and migrated in one place")
                .check(classes);
    }

    @Test
    void onlyInternalsWriteSql() {
        ArchRuleDefinition.noClasses()
                .that()
                .resideOutsideOfPackages("atelier.store..", "atelier..internal..")
                .should(new ArchCondition<JavaClass>("run SQL") {
                    @Override
                    public void check(JavaClass user, ConditionEvents events) {
                        user.getMethodCallsFromSelf().stream()
                                .filter(call -> call.getTargetOwner().getName().equals("org.jdbi.v3.core.Handle"))
                                .filter(call -> !ENDS_OF_TRANSACTION.contains(call.getName()))
                                .forEach(call ->
                                        events.add(SimpleConditionEvent.satisfied(user, call.getDescription())));
                    }
                })
                .because("verbs hold a transaction and pass it on; SQL is in the internal package of each feature")
                .check(classes);
    }

    @Test
    void routesNeverTouchTheDatabase() {
        noClasses()
                .that()
                .resideInAPackage("atelier..http..")
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName("atelier.store.Database")
                .because("routes call verbs; verbs hold the rules")
                .check(classes);
    }

    @Test
    void onlyTheAppReadsTheClock() {
        noClasses()
                .that()
                .resideOutsideOfPackages("atelier.app..", "atelier.cli..")
                .should()
                .callMethod(java.time.Instant.class, "now")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(java.time.Clock.class, "systemUTC")
                .because("time is injected, so that tests can set it")
                .check(classes);
    }

    @Test
    void theKernelKnowsNoFramework() {
        noClasses()
                .that()
                .resideInAPackage("atelier.kernel..")
                .should()
                .dependOnClassesThat(
                        outside("java.", "tools.jackson.", "com.fasterxml.jackson.", "org.jspecify.", "atelier.kernel"))
                .because("every module depends on the kernel")
                .check(classes);
    }

    @Test
    void featuresAreUsedThroughTheirTopPackage() {
        ArchRuleDefinition.classes()
                .that()
                .resideInAPackage("atelier..")
                .should(new ArchCondition<JavaClass>("use other features through their top package") {
                    @Override
                    public void check(JavaClass user, ConditionEvents events) {
                        String own = module(user);
                        user.getDirectDependenciesFromSelf().stream()
                                .map(dependency -> dependency.getTargetClass())
                                .filter(used -> used.getPackageName().startsWith("atelier."))
                                .filter(used -> !module(used).equals(own) && !BELOW_FEATURES.contains(module(used)))
                                .filter(used -> !used.getPackageName().equals("atelier." + module(used)))
                                .forEach(used -> events.add(SimpleConditionEvent.violated(
                                        user, user.getName() + " uses " + used.getName())));
                    }
                })
                .check(classes);
    }

    @Test
    void filesAreShort() throws IOException {
        Path root = Path.of("..").toAbsolutePath().normalize();
        try (var files = Files.walk(root)) {
            List<String> tooLong = files.filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> !file.toString().contains("/target/"))
                    .filter(file -> lines(file) > 500)
                    .map(file -> root.relativize(file) + " has " + lines(file) + " lines")
                    .toList();
            assertThat(tooLong).isEmpty();
        }
    }

    private static long lines(Path file) {
        try (var lines = Files.lines(file)) {
            return lines.count();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static String module(JavaClass type) {
        String[] parts = type.getPackageName().split("\\.");
        return parts.length > 1 ? parts[1] : "";
    }

    private static DescribedPredicate<JavaClass> outside(String... prefixes) {
        return DescribedPredicate.describe("outside " + List.of(prefixes), type -> {
            for (String prefix : prefixes) {
                if (type.getName().startsWith(prefix) || type.isPrimitive() || type.isArray()) {
                    return false;
                }
            }
            return true;
        });
    }
}
