/// Azure Machine Learning's door to connections.
@NullMarked
package atelier.connections.http;

import org.jspecify.annotations.NullMarked;
