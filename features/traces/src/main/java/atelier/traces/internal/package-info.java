/// Rows, the search, and the two written forms of a span.
@NullMarked
package atelier.traces.internal;

import org.jspecify.annotations.NullMarked;
