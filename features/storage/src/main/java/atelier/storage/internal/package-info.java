/// The account's rows in SQL.
@NullMarked
package atelier.storage.internal;

import org.jspecify.annotations.NullMarked;
