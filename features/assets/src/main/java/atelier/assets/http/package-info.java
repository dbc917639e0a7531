/// The Azure ML door of assets.
@NullMarked
package atelier.assets.http;

import org.jspecify.annotations.NullMarked;
