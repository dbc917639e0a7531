/// Builds of environments over HTTP, an addition of Atelier to Azure ML's address space.
@NullMarked
package atelier.environments.http;

import org.jspecify.annotations.NullMarked;
