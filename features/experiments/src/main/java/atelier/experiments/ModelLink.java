package atelier.experiments;

/// A logged model that a run used (step 0) or made.
public record ModelLink(String modelId, long step) {}
