/// Registered models. Start with [Models].
@NullMarked
package atelier.models;

import org.jspecify.annotations.NullMarked;
