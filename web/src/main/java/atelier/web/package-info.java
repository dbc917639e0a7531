/// HTTP, and nothing but HTTP: the only importer of Jetty.
///
/// A request's way: [WebServer] accepts it, [Router] finds the [Route] by raw path (decoded once, in [Paths]), the
/// [Authenticator] of the server names the caller, the route's [Handler] turns the [Exchange] into a [Response].
/// A [atelier.kernel.Problem] thrown on the way is rendered by the [ProblemRenderer] of the route's dialect.
@NullMarked
package atelier.web;

import org.jspecify.annotations.NullMarked;
