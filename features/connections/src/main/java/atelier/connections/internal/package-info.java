/// SQL of connections.
@NullMarked
package atelier.connections.internal;

import org.jspecify.annotations.NullMarked;
