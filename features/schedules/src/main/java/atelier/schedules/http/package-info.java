/// `{ws}/schedules` and its JSON shapes.
@NullMarked
package atelier.schedules.http;

import org.jspecify.annotations.NullMarked;
