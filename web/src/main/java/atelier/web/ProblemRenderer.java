package atelier.web;

import atelier.kernel.Problem;

/// Says a [Problem] in the dialect of one API.
@FunctionalInterface
public interface ProblemRenderer {
    Response render(Problem problem, Exchange exchange);
}
