/// Registries: scopes of environments, components, models and data that all workspaces see. [Registries] has the verbs;
/// [RegistriesFeature] opens the doors of other features to them.
@NullMarked
package atelier.registries;

import org.jspecify.annotations.NullMarked;
