/// Azure Machine Learning's doors to registries.
@NullMarked
package atelier.registries.http;

import org.jspecify.annotations.NullMarked;
