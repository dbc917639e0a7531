/// How datasets keep and read: SQL tables, addresses, and tables of data by DuckDB. Only [atelier.datasets] comes here.
@NullMarked
package atelier.datasets.internal;

import org.jspecify.annotations.NullMarked;
