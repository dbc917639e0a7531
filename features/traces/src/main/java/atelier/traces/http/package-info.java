/// MLflow's addresses of traces and evaluation: shapes only.
@NullMarked
package atelier.traces.http;

import org.jspecify.annotations.NullMarked;
