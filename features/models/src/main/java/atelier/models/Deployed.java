package atelier.models;

import atelier.kernel.Caller;
import atelier.workspace.Workspace;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What endpoints tell of their deployments, so that a model's history says where it served and when. Each call writes
/// the differences to what was told before; telling the same again writes nothing.
public interface Deployed {
    /// Hears and keeps nothing.
    Deployed NOBODY = new Deployed() {
        @Override
        public <T> T together(Supplier<T> change) {
            return change.get();
        }

        @Override
        public void wanted(Workspace workspace, Place place, String name, String version, Caller caller) {}

        @Override
        public void serves(Workspace workspace, Place place, String name, String version) {}

        @Override
        public void found(
                Workspace workspace, Place place, Supplier<Models.ModelVersion> model, int share, String who) {}

        @Override
        public void shares(Workspace workspace, Kind kind, String endpoint, Map<String, Integer> shares, Caller who) {}

        @Override
        public void gone(Workspace workspace, Kind kind, String endpoint, @Nullable String name, Caller caller) {}
    };

    /// Kinds of endpoints.
    enum Kind {
        ONLINE,
        BATCH;

        /// `online` or `batch`.
        public String word() {
            return this == ONLINE ? "online" : "batch";
        }
    }

    /// A deployment under an endpoint.
    record Place(Kind kind, String endpoint, String deployment) {
        /// As events name it: `deployment online/churn-ep/blue`.
        String what() {
            return "deployment " + kind.word() + "/" + endpoint + "/" + deployment;
        }
    }

    /// Runs `change`, which stores something and tells it here, in one transaction.
    <T> T together(Supplier<T> change);

    /// It was accepted that a deployment shall serve a version; nothing serves it yet.
    void wanted(Workspace workspace, Place place, String name, String version, Caller caller);

    /// A deployment serves a version from now on, in place of what it served before. Who wanted it was told before.
    void serves(Workspace workspace, Place place, String name, String version);

    /// A deployment that serves since before anybody was told of it; nothing when it is known.
    ///
    /// @param model asked only when it is not known
    void found(Workspace workspace, Place place, Supplier<Models.ModelVersion> model, int share, String who);

    /// How the traffic of an endpoint is shared from now on, in percent; what is not named gets none.
    void shares(Workspace workspace, Kind kind, String endpoint, Map<String, Integer> shares, Caller caller);

    /// A deployment serves no more.
    ///
    /// @param name null for all of the endpoint
    void gone(Workspace workspace, Kind kind, String endpoint, @Nullable String name, Caller caller);
}
