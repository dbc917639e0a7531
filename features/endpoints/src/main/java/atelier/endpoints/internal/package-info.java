/// How endpoints run: SQL tables, preparation of a deployment's files, its processes. Only [atelier.endpoints] comes
/// here.
@NullMarked
package atelier.endpoints.internal;

import org.jspecify.annotations.NullMarked;
