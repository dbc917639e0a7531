/// Registered models, two dialects of one thing. [Models] is what other features use, [Registry] has the verbs,
/// [Version] is the record, [Sources] finds the files, [ModelsFeature] wires it all.
@NullMarked
package atelier.models;

import org.jspecify.annotations.NullMarked;
