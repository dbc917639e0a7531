X
X
X
X
package atelier.store;

import org.jspecify.annotations.NullMarked;
