/// What is kept: [Database] (transactions on SQLite or PostgreSQL, alone or in shared commits), [Migrations] (one
/// folder of plain SQL a feature) and [ContentFiles] (bytes that survive power loss once acknowledged). The only
/// importer of the pool and Flyway.
@NullMarked
package atelier.store;

import org.jspecify.annotations.NullMarked;
