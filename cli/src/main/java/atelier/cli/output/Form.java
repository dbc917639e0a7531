package atelier.cli.output;

import atelier.cli.CliError;
import atelier.kernel.Nearest;
import java.util.List;
import java.util.Locale;

/// The forms of `-o`, as `az` names them; those with colours are printed without.
public enum Form {
    json,
    jsonc,
    table,
    tsv,
    yaml,
    yamlc,
    none;

    /// @throws CliError with the known ones
    public static Form of(String name) {
        for (Form form : values()) {
            if (form.name().equals(name.toLowerCase(Locale.ROOT))) {
                return form;
            }
        }
        List<String> known = List.of(values()).stream().map(Form::name).toList();
        throw new CliError(
                "--output knows " + String.join(", ", known) + ", not '" + name + "'." + Nearest.hint(name, known));
    }
}
