package atelier.models;

import atelier.kernel.Caller;
import atelier.workspace.Workspace;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Keeps what the history of models is told, one line each; for the tests of endpoints of both kinds.
public final class HeardDeployed implements Deployed {
    public final List<String> heard = new CopyOnWriteArrayList<>();

    @Override
    public <T> T together(Supplier<T> change) {
        return change.get();
    }

    @Override
    public void wanted(Workspace workspace, Place place, String name, String version, Caller caller) {
        heard.add("wanted " + place.deployment() + " " + name + ":" + version + " by " + caller.name());
    }

    @Override
    public void serves(Workspace workspace, Place place, String name, String version) {
        heard.add("serves " + place.deployment() + " " + name + ":" + version);
    }

    @Override
    public void found(Workspace workspace, Place place, Supplier<Models.ModelVersion> model, int share, String who) {
        Models.ModelVersion served = model.get();
        heard.add("found " + place.deployment() + " " + served.name() + ":" + served.version() + " " + share + " by "
                + who);
    }

    @Override
    public void shares(Workspace workspace, Kind kind, String endpoint, Map<String, Integer> shares, Caller caller) {
        heard.add("shares " + endpoint + " " + new TreeMap<>(shares) + " by " + caller.name());
    }

    @Override
    public void gone(Workspace workspace, Kind kind, String endpoint, @Nullable String name, Caller caller) {
        heard.add("gone " + endpoint + "/" + name + " by " + caller.name());
    }
}
