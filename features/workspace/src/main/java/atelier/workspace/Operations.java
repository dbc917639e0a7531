package atelier.workspace;

import atelier.kernel.Problem;
import atelier.web.Exchange;
import atelier.web.Response;
import tools.jackson.databind.node.ObjectNode;

/// Long-running operations as the Azure SDKs poll them: `201/202` with `Azure-AsyncOperation` and `Location`, then a
/// status
/// document until it is `Succeeded` or `Failed`. Operations are kept, so that a poll after a restart still gets its
/// answer.
public interface Operations {
    /// Starts an operation on `target` (ARM id); its id.
    String start(Workspace workspace, String target);

    void succeed(String operation);

    void fail(String operation, Problem problem);

    /// Ends as failed what an earlier run of the server left open on targets that start with `prefix`.
    void failOpen(Workspace workspace, String prefix, Problem problem);

    /// The answer that tells the client where to poll. `status` is 201 for a PUT with a body, 202 otherwise.
    Response accepted(Exchange exchange, Workspace workspace, String operation, int status, ObjectNode body);

    /// [#accepted] for a resource that is gone or stands outside a workspace: the client polls below the location.
    Response acceptedOutside(Exchange exchange, String subscriptionId, String location, String operation, int status);
}
