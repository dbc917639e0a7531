package atelier.jobs.internal;

import atelier.compute.Computes;
import atelier.compute.Processes;
import atelier.compute.Slots;
import atelier.datasets.DataUris;
import atelier.environments.Environments;
import java.nio.file.Path;
import java.time.InstantSource;

/// What command jobs work with.
///
/// @param folders root of the job folders
public record CommandTools(
        Path folders,
        Processes processes,
        Slots slots,
        Computes computes,
        Environments environments,
        DataUris uris,
        CodeSnapshots code,
        JobInputs inputs,
        JobOutputs outputs,
        CommandVariables variables,
        InstantSource clock) {}
