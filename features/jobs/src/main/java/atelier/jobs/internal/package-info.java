/// How jobs are kept ([JobStore]), run ([JobsService], [RunningJob]) and what a command job does
/// ([CommandKind] and the
/// classes it names).
@NullMarked
package atelier.jobs.internal;

import org.jspecify.annotations.NullMarked;
