/// How pipelines run and how steps are reused.
@NullMarked
package atelier.pipelines.internal;

import org.jspecify.annotations.NullMarked;
