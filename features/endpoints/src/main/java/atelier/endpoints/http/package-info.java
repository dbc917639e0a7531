/// The doors of endpoints: Azure Resource Manager's, and the one that scores.
@NullMarked
package atelier.endpoints.http;

import org.jspecify.annotations.NullMarked;
