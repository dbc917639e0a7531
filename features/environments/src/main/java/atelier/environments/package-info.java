/// Software for jobs and deployments. Start with [Environments]: from a definition to a Python interpreter with
/// locked
/// packages.
@NullMarked
package atelier.environments;

import org.jspecify.annotations.NullMarked;
