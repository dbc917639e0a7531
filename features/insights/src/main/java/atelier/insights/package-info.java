/// What endpoints report. Start with [Requests].
@NullMarked
package atelier.insights;

import org.jspecify.annotations.NullMarked;
