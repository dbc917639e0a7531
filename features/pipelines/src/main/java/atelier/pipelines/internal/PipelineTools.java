package atelier.pipelines.internal;

import atelier.assets.Assets;
import atelier.compute.Computes;
import atelier.datasets.DataUris;
import atelier.environments.Environments;
import atelier.jobs.Jobs;
import atelier.jobs.OutputAssets;
import atelier.models.Models;
import atelier.pipelines.StepKinds;
import atelier.storage.Blobs;
import java.time.InstantSource;

/// What pipelines work with.
public record PipelineTools(
        Jobs jobs,
        Components components,
        StepStore steps,
        Assets assets,
        Blobs blobs,
        DataUris uris,
        Environments environments,
        Computes computes,
        Models models,
        OutputAssets outputs,
        InstantSource clock,
        StepKinds kinds) {}
