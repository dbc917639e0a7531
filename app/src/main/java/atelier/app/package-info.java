/// The server: [Main] reads the [Configuration], opens the [DataFolder] and starts the [Platform], which is the
/// composition
/// root: every wire between features is a line there. The only place that reads the system clock.
@NullMarked
package atelier.app;

import org.jspecify.annotations.NullMarked;
