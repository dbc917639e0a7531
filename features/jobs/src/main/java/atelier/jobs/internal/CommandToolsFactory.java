package atelier.jobs.internal;

import atelier.jobs.JobsFeature.Access;
import atelier.jobs.JobsFeature.Features;
import atelier.jobs.JobsFeature.Machine;
import atelier.jobs.OutputAssets;

/// Puts together what command jobs work with.
public final class CommandToolsFactory {
    private CommandToolsFactory() {}

    public static CommandTools create(Machine machine, Features features, Access access, OutputAssets assets) {
        return new CommandTools(
                PlainPath.of(machine.folder()),
                features.compute().processes(),
                features.compute().slots(),
                features.compute().computes(),
                features.environments(),
                features.uris(),
                new CodeSnapshots(features.assets(), features.blobs(), features.uris()),
                new JobInputs(features.blobs(), features.uris(), features.models()),
                new JobOutputs(features.blobs(), features.uris(), assets),
                new CommandVariables(access.environment(), access.tokens(), features.runs()),
                machine.clock());
    }
}
