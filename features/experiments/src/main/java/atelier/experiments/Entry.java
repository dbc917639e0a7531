package atelier.experiments;

/// A tag or a parameter.
public record Entry(String key, String value) {}
