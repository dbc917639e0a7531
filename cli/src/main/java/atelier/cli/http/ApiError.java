package atelier.cli.http;

/// The server refused: its status, its code and its sentence.
public final class ApiError extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final int status;
    private final String code;

    ApiError(int status, String code, String sentence) {
        super(sentence);
        this.status = status;
        this.code = code;
    }

    public int status() {
        return status;
    }

    public String code() {
        return code;
    }

    /// What the server said; never null.
    public String sentence() {
        String message = getMessage();
        return message == null ? code : message;
    }
}
