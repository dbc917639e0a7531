package atelier.kernel;

import org.jspecify.annotations.Nullable;

/// What went wrong, said once, without HTTP. A [Problem] carries a machine-readable `code` (PascalCase, as Azure's
/// error
/// codes), a `message` that tells the reader what to do, and optionally the `target` (the field or thing at fault).
/// `web` maps each kind to a status by an exhaustive switch and renders it in the dialect of the API that was called.
public abstract sealed class Problem extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private static final int LONGEST = 2000;
    private final String code;
    private final @Nullable String target;

    private Problem(String code, String message, @Nullable String target) {
        super(shortened(message));
        this.code = code;
        this.target = target;
    }

    private Problem(String code, String message, @Nullable String target, @Nullable Throwable cause) {
        super(shortened(message), cause);
        this.code = code;
        this.target = target;
    }

    /// A message may repeat what was given, which may be of any length.
    private static String shortened(String message) {
        if (message.length() <= LONGEST) {
            return message;
        }
        int end = Character.isHighSurrogate(message.charAt(LONGEST - 1)) ? LONGEST - 1 : LONGEST;
        return message.substring(0, end) + "...";
    }

    public String code() {
        return code;
    }

    /// The message as text; never null for a Problem.
    public String message() {
        String message = getMessage();
        return message == null ? code : message;
    }

    public @Nullable String target() {
        return target;
    }

    /// The thing named does not exist.
    public static final class NotFound extends Problem {
        private static final long serialVersionUID = 1L;

        public NotFound(String code, String message) {
            super(code, message, null);
        }

        public NotFound(String message) {
            this("ResourceNotFound", message);
        }
    }

    /// The name is taken.
    public static final class AlreadyExists extends Problem {
        private static final long serialVersionUID = 1L;

        public AlreadyExists(String code, String message) {
            super(code, message, null);
        }
    }

    /// The request is fine, the state of the thing does not allow it now.
    public static final class Conflict extends Problem {
        private static final long serialVersionUID = 1L;

        public Conflict(String code, String message) {
            super(code, message, null);
        }
    }

    /// The request itself is wrong; `target` names the field.
    public static final class Invalid extends Problem {
        private static final long serialVersionUID = 1L;

        public Invalid(String code, String message, @Nullable String target) {
            super(code, message, target);
        }

        public Invalid(String message, @Nullable String target) {
            super("InvalidArgument", message, target);
        }

        public Invalid(String message) {
            this(message, null);
        }
    }

    /// The caller is known and may not.
    public static final class Forbidden extends Problem {
        private static final long serialVersionUID = 1L;

        public Forbidden(String code, String message) {
            super(code, message, null);
        }
    }

    /// No caller, or a token that does not hold.
    public static final class Unauthenticated extends Problem {
        private static final long serialVersionUID = 1L;

        public Unauthenticated(String message) {
            super("AuthenticationFailed", message, null);
        }
    }

    /// A condition of the request (ETag, lease, date) is not met.
    public static final class PreconditionFailed extends Problem {
        private static final long serialVersionUID = 1L;

        public PreconditionFailed(String code, String message) {
            super(code, message, null);
        }
    }

    /// More bytes or items than allowed.
    public static final class TooLarge extends Problem {
        private static final long serialVersionUID = 1L;

        public TooLarge(String code, String message) {
            super(code, message, null);
        }
    }

    /// Not now: try again after some seconds.
    public static final class Busy extends Problem {
        private static final long serialVersionUID = 1L;
        private final int retryAfterSeconds;

        public Busy(String code, String message, int retryAfterSeconds) {
            super(code, message, null);
            this.retryAfterSeconds = retryAfterSeconds;
        }

        public int retryAfterSeconds() {
            return retryAfterSeconds;
        }
    }

    /// A known operation that this installation cannot do; the message says why.
    public static final class Unsupported extends Problem {
        private static final long serialVersionUID = 1L;

        public Unsupported(String code, String message) {
            super(code, message, null);
        }
    }

    /// A resource of the machine gave out (disk full, tool missing); the message is for the user.
    public static final class Unavailable extends Problem {
        private static final long serialVersionUID = 1L;

        public Unavailable(String code, String message, @Nullable Throwable cause) {
            super(code, message, null, cause);
        }
    }
}
