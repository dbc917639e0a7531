package atelier.pipelines;

import atelier.jobs.Jobs;
import atelier.jobs.Jobs.Job;
import atelier.workspace.Workspace;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

/// The jobs of a pipeline's steps.
public final class PipelineSteps {
    private static final int LONGEST = 240;

    private PipelineSteps() {}

    /// The name of a step's job: the same whenever it is asked for, so that a step becomes one job, also
    /// after a crash.
    public static String jobName(String pipeline, String node) {
        String readable = pipeline + "-" + node.replaceAll("[^A-Za-z0-9_-]", "_");
        return readable.substring(0, Math.min(readable.length(), LONGEST)) + "-"
                + sha256(pipeline + "/" + node).substring(0, 8);
    }

    /// The jobs of the steps that have one, by step.
    public static Map<String, Job> of(Jobs jobs, Workspace workspace, Job pipeline, Graph graph) {
        Map<String, Job> byName = new LinkedHashMap<>();
        jobs.children(workspace, pipeline.name()).forEach(child -> byName.put(child.name(), child));
        Map<String, Job> steps = new LinkedHashMap<>();
        graph.nodes().keySet().forEach(node -> {
            Job child = byName.get(jobName(pipeline.name(), node));
            if (child != null) {
                steps.put(node, child);
            }
        });
        return steps;
    }

    /// Why a step of a pipeline that is over has no job: the rest of a sentence.
    public static String whySkipped(Graph graph, String node, Map<String, Job> steps) {
        for (String needed : graph.node(node).dependencies()) {
            Job step = steps.get(needed);
            if (step == null) {
                return "step '" + needed + "', which it needs, was not run.";
            }
            if (!step.status().equals("Completed")) {
                return "step '" + needed + "', which it needs, is " + step.status() + ".";
            }
        }
        return steps.values().stream()
                .filter(step -> step.status().equals("Failed"))
                .findFirst()
                .map(step -> "the pipeline stopped when step '" + step.displayName() + "' failed.")
                .orElse("the pipeline ended before.");
    }

    /// SHA-256 of text in hexadecimal.
    public static String sha256(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
