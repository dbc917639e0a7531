/// Everything around jobs in memory, for tests of jobs and of what builds on them. Start with [Lab].
@NullMarked
package atelier.jobs.fakes;

import org.jspecify.annotations.NullMarked;
