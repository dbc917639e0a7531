/// How each API says a problem: Azure Resource Manager's JSON, the storage service's XML, MLflow's JSON.
@NullMarked
package atelier.web.dialects;

import org.jspecify.annotations.NullMarked;
