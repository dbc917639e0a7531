/// Routes and JSON shapes of batch endpoints.
@NullMarked
package atelier.batch.http;

import org.jspecify.annotations.NullMarked;
