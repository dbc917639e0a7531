/// What `atelier demo` needs beside the public APIs: the synthetic [Patients].
@NullMarked
package atelier.cli.demo;

import org.jspecify.annotations.NullMarked;
