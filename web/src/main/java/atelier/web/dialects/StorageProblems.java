package atelier.web.dialects;

import atelier.kernel.Problem;
import atelier.web.Exchange;
import atelier.web.ProblemRenderer;
import atelier.web.Response;
import atelier.web.Statuses;
import java.nio.charset.StandardCharsets;

/// `<Error><Code/><Message/></Error>` plus header `x-ms-error-code`, as the Blob service answers
/// (learn.microsoft.com, "Status and error codes"). A HEAD request carries the header only.
public final class StorageProblems implements ProblemRenderer {
    public static final StorageProblems INSTANCE = new StorageProblems();

    private StorageProblems() {}

    @Override
    public Response render(Problem problem, Exchange exchange) {
        String code = switch (problem) {
            case Problem.Unsupported p -> p.code().equals("MethodNotAllowed") ? "UnsupportedHttpVerb" : p.code();
            default -> problem.code();
        };
        String xml = "<?xml version=\"1.0\" encoding=\"utf-8\"?><Error><Code>" + escape(code) + "</Code><Message>"
                + escape(problem.message()) + "\nRequestId:" + exchange.requestId() + "</Message></Error>";
        Response response = Response.bytes(
                        Statuses.of(problem), "application/xml", xml.getBytes(StandardCharsets.UTF_8))
                .header("x-ms-error-code", code);
        return problem instanceof Problem.Unauthenticated
                ? response.header("WWW-Authenticate", "Bearer realm=\"atelier\"")
                : response;
    }

    /// Text for XML 1.0: markup escaped, characters XML cannot carry replaced.
    public static String escape(String text) {
        StringBuilder out = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            switch (c) {
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '&' -> out.append("&amp;");
                case '"' -> out.append("&quot;");
                case '\r' -> out.append("&#13;");
                default -> {
                    boolean legal = c == '\t'
                            || c == '\n'
                            || c >= 0x20 && c <= 0xD7FF
                            || c >= 0xE000 && c <= 0xFFFD
                            || c >= 0x10000;
                    out.appendCodePoint(legal ? c : 0xFFFD);
                }
            }
        });
        return out.toString();
    }
}
