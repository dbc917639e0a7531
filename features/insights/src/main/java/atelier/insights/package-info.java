/// What endpoints report. Start with [Requests], the verbs; [RequestLog] is how they are kept without delaying answers.
@NullMarked
package atelier.insights;

import org.jspecify.annotations.NullMarked;
