/// The command line `atelier`: the verbs and YAML files of `az ml`, and those of this installation (`status`, `env`).
/// It speaks HTTP only, the same protocols as everybody else. Start reading at [atelier.cli.Main]; YAML becomes REST
/// in `assets`, `jobs` and `endpoints`; the verbs themselves are in `commands`.
@NullMarked
package atelier.cli;

import org.jspecify.annotations.NullMarked;
