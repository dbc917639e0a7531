package atelier.storage.http;

import atelier.kernel.Problem;
import atelier.web.Exchange;
import atelier.web.ProblemRenderer;
import atelier.web.Response;
import atelier.web.dialects.StorageProblems;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/// [StorageProblems] with what is peculiar to blobs.
final class BlobProblems implements ProblemRenderer {
    static final BlobProblems INSTANCE = new BlobProblems();

    /// A bit more than the largest body the Python SDK sends in one request by default (64 MiB).
    private static final long MOST_DRAINED = 72L << 20;

    private BlobProblems() {}

    @Override
    public Response render(Problem problem, Exchange exchange) {
        drain(exchange);
        Response response = problem.code().equals("InvalidRange")
                ? notSatisfiable(problem, exchange)
                : StorageProblems.INSTANCE.render(problem, exchange);
        return response.header("x-ms-version", Headers.version(exchange));
    }

    private static Response notSatisfiable(Problem problem, Exchange exchange) {
        String xml = "<?xml version=\"1.0\" encoding=\"utf-8\"?><Error><Code>InvalidRange</Code><Message>"
                + StorageProblems.escape(problem.message()) + "\nRequestId:" + exchange.requestId()
                + "</Message></Error>";
        return Response.bytes(416, "application/xml", xml.getBytes(StandardCharsets.UTF_8))
                .header("x-ms-error-code", "InvalidRange");
    }

    /// A client that is still sending does not read: it would see a broken connection instead of this answer.
    private static void drain(Exchange exchange) {
        if (exchange.header("Expect") != null || exchange.contentLength() > MOST_DRAINED) {
            return;
        }
        try {
            InputStream body = exchange.body();
            byte[] buffer = new byte[64 * 1024];
            long left = MOST_DRAINED;
            int read;
            while (left > 0 && (read = body.read(buffer)) >= 0) {
                left -= read;
            }
        } catch (IOException e) {
            // The client is gone; the answer is for nobody.
        }
    }
}
