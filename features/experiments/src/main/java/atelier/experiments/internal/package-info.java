/// SQL of experiments, the same text on SQLite and PostgreSQL.
@NullMarked
package atelier.experiments.internal;

import org.jspecify.annotations.NullMarked;
