/// The door of imports: JSON to values, outcomes to JSON.
@NullMarked
package atelier.imports.http;

import org.jspecify.annotations.NullMarked;
