/// `atelier import mlflow`: reads another MLflow and hands it over. [Source] is where it is read from ([SqlSource],
/// [RestSource]), [Importer] walks through it, [Sender] speaks to this server, [OldFiles] finds artifacts.
@NullMarked
package atelier.cli.imports;

import org.jspecify.annotations.NullMarked;
