package atelier.app;
import java.util.*; import atelier.kernel.*; import atelier.workspace.Workspace;
final class NoModels implements atelier.models.Models {
    @Override public Optional<ModelVersion> find(Workspace w, String n, String v) { return Optional.empty(); }
    @Override public ModelVersion resolve(Workspace w, String r) { throw new Problem.NotFound(r); }
    @Override public ModelVersion register(Workspace w, String n, String u, String t, @org.jspecify.annotations.Nullable String r, Map<String,String> tags, Caller c) { throw new Problem.NotFound(n); }
    @Override public List<ModelVersion> list(Workspace w) { return List.of(); }
}
