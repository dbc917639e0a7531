package atelier.batch;

/// A change that was made, as a long-running operation tells of it.
///
/// @param operation id of the long-running operation
public record Accepted<T>(T value, String operation, boolean isNew) {}
