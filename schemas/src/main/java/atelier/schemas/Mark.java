package atelier.schemas;

/// A place in a file, both numbers from 1.
public record Mark(int line, int column) {}
