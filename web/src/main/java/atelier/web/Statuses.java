package atelier.web;

import atelier.kernel.Problem;

/// The one place where a kind of [Problem] becomes an HTTP status.
public final class Statuses {
    private Statuses() {}

    public static int of(Problem problem) {
        return switch (problem) {
            case Problem.NotFound _ -> 404;
            case Problem.AlreadyExists _, Problem.Conflict _ -> 409;
            case Problem.Invalid _ -> 400;
            case Problem.Forbidden _ -> 403;
            case Problem.Unauthenticated _ -> 401;
            case Problem.PreconditionFailed _ -> 412;
            case Problem.TooLarge _ -> 413;
            case Problem.Busy _ -> 429;
            case Problem.Unsupported p -> p.code().equals("MethodNotAllowed") ? 405 : 501;
            case Problem.Unavailable p -> p.code().equals("InsufficientStorage") ? 507 : 503;
        };
    }
}
