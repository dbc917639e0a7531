package atelier.cli;

/// What the user did or met, in one sentence that says what to do. Printed without a stack trace; the exit code is 1.
public final class CliError extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public CliError(String sentence) {
        super(sentence);
    }

    public CliError(String sentence, Throwable cause) {
        super(sentence, cause);
    }

    /// The sentence; never null.
    public String sentence() {
        String message = getMessage();
        return message == null ? "Something went wrong." : message;
    }
}
