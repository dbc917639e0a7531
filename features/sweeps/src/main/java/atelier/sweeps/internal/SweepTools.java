package atelier.sweeps.internal;

import atelier.datasets.DataUris;
import atelier.experiments.Runs;
import atelier.jobs.Jobs;
import atelier.jobs.OutputAssets;
import atelier.storage.Blobs;
import java.time.Duration;
import java.time.InstantSource;

/// What sweeps work with.
///
/// @param watch how often a policy looks at what running trials have logged
public record SweepTools(
        Jobs jobs, Runs runs, Blobs blobs, DataUris uris, OutputAssets outputs, InstantSource clock, Duration watch) {}
