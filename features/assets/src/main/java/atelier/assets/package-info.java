/// Named and versioned things ([Asset]) under one set of rules ([Assets]) and one Azure ML door ([AssetRoutes]).
@NullMarked
package atelier.assets;

import org.jspecify.annotations.NullMarked;
