/// Azure Machine Learning's door to computes.
@NullMarked
package atelier.compute.http;

import org.jspecify.annotations.NullMarked;
