package atelier.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import atelier.kernel.Problem;
import atelier.web.dialects.ArmProblems;
import atelier.web.dialects.MlflowProblems;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RouterTest {
    private final Router router = new Router(new Routes(ArmProblems.INSTANCE)
            .get("/a/{name}", _ -> Response.status(200))
            .get("/a/known", _ -> Response.status(201))
            .put("/a/{name}/b", _ -> Response.status(200))
            .any("/{account}.blob.{suffix}/{container}/{blob...}", _ -> Response.status(202))
            .get("/files/{path...}", _ -> Response.status(203))
            .list());

    @Test
    void aLiteralBeatsAParameterInAnyCase() {
        assertThat(found("GET", "/A/KNOWN").route().template()).isEqualTo("/a/known");
        assertThat(found("GET", "/a/other").parameters()).isEqualTo(Map.of("name", "other"));
    }

    @Test
    void parametersAreDecodedOnce() {
        assertThat(found("GET", "/a/x%2Fy%2520z").parameters()).isEqualTo(Map.of("name", "x/y%20z"));
    }

    @Test
    void aRestKeepsSlashesAndDots() {
        assertThat(found("GET", "/files/a//b/../c%20d").parameters()).isEqualTo(Map.of("path", "a//b/../c d"));
    }

    @Test
    void aSegmentMixesTextAndParameters() {
        assertThat(found("PUT", "/lab.blob.core.example/c/d/e").parameters())
                .isEqualTo(Map.of("account", "lab", "suffix", "core.example", "container", "c", "blob", "d/e"));
    }

    @Test
    void headFallsBackToGetAndAWrongMethodSaysWhichAreKnown() {
        assertThat(found("HEAD", "/a/x").route().method()).isEqualTo("GET");
        assertThat(router.find("GET", "/a/x/b")).isNull();
        assertThat(router.at("/a/x/b")).containsOnlyKeys("PUT");
        assertThat(router.at("/nowhere")).isEmpty();
        assertThat(router.find("GET", "/nowhere")).isNull();
    }

    @Test
    void anAddressWithNothingAtItSpeaksAsItsNeighboursDo() {
        Router two = new Router(java.util.stream.Stream.concat(
                        new Routes(ArmProblems.INSTANCE).get("/a/{name}", _ -> Response.status(200)).list().stream(),
                        new Routes(MlflowProblems.INSTANCE)
                                .get("/m/{name}/api/known", _ -> Response.status(200)).list().stream())
                .toList());
        assertThat(two.dialectAround("/m/x/api/unknown")).isSameAs(MlflowProblems.INSTANCE);
        assertThat(two.dialectAround("/m/x")).isSameAs(MlflowProblems.INSTANCE);
        assertThat(two.dialectAround("/a/x/y")).isSameAs(ArmProblems.INSTANCE);
        assertThat(two.dialectAround("/nowhere")).isNull();
    }

    @Test
    void brokenEscapesAreTheClientsMistake() {
        assertThatThrownBy(() -> router.find("GET", "/a/%zz")).isInstanceOf(Problem.Invalid.class);
        assertThatThrownBy(() -> router.find("GET", "/a/%ff")).isInstanceOf(Problem.Invalid.class);
    }

    private Router.Match found(String method, String path) {
        Router.Match match = router.find(method, path);
        assertThat(match).isNotNull();
        return match;
    }
}
