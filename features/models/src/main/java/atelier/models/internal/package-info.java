/// SQL of models, the same text on SQLite and PostgreSQL, and the reading of MLmodel files.
@NullMarked
package atelier.models.internal;

import org.jspecify.annotations.NullMarked;
