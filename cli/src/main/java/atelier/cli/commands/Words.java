package atelier.cli.commands;

import atelier.cli.Session;
import atelier.cli.output.Form;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/// The options of one verb, with the names that `az ml` gives them.
final class Words {
    private final CommandSpec spec;
    private final Map<String, String> fields = new LinkedHashMap<>();

    Words(CommandSpec spec) {
        this.spec = spec;
    }

    /// Which option stands for which field of the YAML file.
    Map<String, String> fields() {
        return fields;
    }

    CommandSpec spec() {
        return spec;
    }

    /// An option with one value.
    Words text(String names, String says) {
        return text(names, says, false);
    }

    private Words text(String names, String says, boolean required) {
        add(OptionSpec.builder(names.split(" "))
                .type(String.class)
                .arity("1")
                .paramLabel(label(names))
                .required(required)
                .description(says)
                .build());
        return this;
    }

    /// The one word that is no option; read by [#positional()].
    Words positional(String label, String says) {
        spec.addPositional(PositionalParamSpec.builder()
                .index("0")
                .arity("1")
                .required(true)
                .type(String.class)
                .paramLabel(label)
                .description(says)
                .build());
        return this;
    }

    String positional() {
        return String.valueOf(spec.positionalParameters().getFirst().<Object>getValue());
    }

    Words required(String names, String says) {
        return text(names, says, true);
    }

    /// An option whose value goes into the field `field` of the YAML file, a dotted path.
    Words field(String names, String field, String says) {
        fields.put(names.split(" ")[0], field);
        return text(names, says + " (the field '" + field + "' of the file)");
    }

    /// An option without a value that sets a field to `true`, or takes `true` and `false`.
    Words switchField(String names, String field, String says) {
        fields.put(names.split(" ")[0], field);
        add(OptionSpec.builder(names.split(" "))
                .type(String.class)
                .arity("0..1")
                .fallbackValue("true")
                .paramLabel("BOOLEAN")
                .description(says)
                .build());
        return this;
    }

    /// An option with several values: `--set a=1 b=2`.
    Words texts(String names, String says) {
        add(OptionSpec.builder(names.split(" "))
                .type(List.class)
                .auxiliaryTypes(String.class)
                .arity("1..*")
                .paramLabel(label(names))
                .description(says)
                .build());
        return this;
    }

    Words flag(String names, String says) {
        add(OptionSpec.builder(names.split(" "))
                .type(boolean.class)
                .arity("0")
                .description(says)
                .build());
        return this;
    }

    /// An option that scripts give and that changes nothing here.
    Words accepted(String names, String why) {
        return flag(names, "accepted; " + why);
    }

    Words name() {
        return required("--name -n", "its name");
    }

    /// `-f FILE`, `--set`, `--name`; what every `create` has.
    Words file() {
        text("--file -f", "the YAML file");
        changes();
        return field("--name -n", "name", "its name");
    }

    Words changes() {
        return texts("--set", "changes a field: --set inputs.rate=0.1 jobs.train.limits.timeout=60 tags.team=a");
    }

    Words version() {
        return text("--version -v", "the version (default: the newest)")
                .text("--label -l", "the label; 'latest' is one");
    }

    Words max() {
        return text("--max-results -r", "at most so many").hidden("--max");
    }

    Words hidden(String names) {
        add(OptionSpec.builder(names.split(" ")).type(String.class).hidden(true).build());
        return this;
    }

    /// Which of archived and other things a list has.
    Words archived() {
        return flag("--include-archived", "archived ones too").flag("--archived-only", "only archived ones");
    }

    Words yes() {
        return accepted("--yes -y", "it is never asked");
    }

    Words noWait() {
        return flag("--no-wait", "do not wait for its end");
    }

    /// What every verb has, beside `--data-dir` and `--help`, which it has from [Root].
    void common() {
        option("--output -o --out", "FORM", "json, jsonc, table, tsv, yaml, yamlc or none");
        option("--query", "JMESPATH", "a part of the answer: --query name, --query \"[].{n:name}\"");
        option("--workspace-name -w", "NAME", "the workspace (default: az configure, else the server's first)");
        option("--resource-group -g", "NAME", "its resource group");
        option("--subscription", "ID", "its subscription");
        for (String name : new String[] {"--verbose", "--debug", "--only-show-errors"}) {
            add(OptionSpec.builder(name)
                    .type(boolean.class)
                    .arity("0")
                    .hidden(true)
                    .build());
        }
    }

    private void option(String names, String label, String says) {
        String free = String.join(
                " ",
                List.of(names.split(" ")).stream()
                        .filter(each -> !spec.optionsMap().containsKey(each))
                        .toList());
        if (!free.isEmpty()) {
            add(OptionSpec.builder(free.split(" "))
                    .type(String.class)
                    .arity("1")
                    .paramLabel(label)
                    .description(says)
                    .build());
        }
    }

    private void add(OptionSpec option) {
        spec.addOption(option);
    }

    private static String label(String names) {
        String first = names.split(" ")[0];
        return first.substring(first.lastIndexOf('-') + 1).toUpperCase(java.util.Locale.ROOT);
    }

    @Nullable
    String value(String option) {
        OptionSpec found = spec.optionsMap().get(option);
        return found == null || !(found.getValue() instanceof String text) ? null : text;
    }

    /// `-o`, else what `az config` and AZURE_CORE_OUTPUT say, else JSON under `az` and for a query, a table for people.
    Form form(Session session) {
        String given = value("--output");
        return given != null ? Form.of(given) : session.form(value("--query") != null);
    }
}
