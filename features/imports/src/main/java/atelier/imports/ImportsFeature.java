package atelier.imports;

import atelier.experiments.TakenIn;
import atelier.imports.http.ImportRoutes;
import atelier.imports.http.RegistryImportRoutes;
import atelier.imports.internal.SqlImports;
import atelier.models.OldModels;
import atelier.store.Database;
import atelier.store.Migrations;
import atelier.web.Routes;
import atelier.web.dialects.ArmProblems;
import atelier.workspace.Workspaces;
import java.time.InstantSource;

/// Wires imports.
public final class ImportsFeature {
    public static final Migrations MIGRATIONS = new Migrations("imports");

    private ImportsFeature() {}

    /// The door, over the verbs.
    public static Routes routes(
            Database database, TakenIn experiments, OldModels models, Workspaces workspaces, InstantSource clock) {
        Imports imports = new Imports(database, new SqlImports(), experiments, clock);
        Routes routes = new Routes(ArmProblems.INSTANCE);
        new ImportRoutes(imports, workspaces).mount(routes);
        new RegistryImportRoutes(models, workspaces).mount(routes);
        return routes;
    }
}
