/// Azure Machine Learning's doors to jobs, code snapshots, run history and logs.
@NullMarked
package atelier.jobs.http;

import org.jspecify.annotations.NullMarked;
