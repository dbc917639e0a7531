package atelier.schemas;

/// Something in a YAML file that is not as its kind has it.
///
/// @param line from 1
/// @param column from 1
/// @param path the field, as a JSON pointer: `/inputs/data/mode`; empty for the file itself
/// @param message one sentence, without the place
public record Mistake(int line, int column, String path, String message) {
    @Override
    public String toString() {
        return line + ":" + column + ": " + message;
    }
}
