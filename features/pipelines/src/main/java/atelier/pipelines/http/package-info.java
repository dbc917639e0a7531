/// The doors to components and to the graph of a pipeline job.
@NullMarked
package atelier.pipelines.http;

import org.jspecify.annotations.NullMarked;
