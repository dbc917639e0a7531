package atelier.cli.commands;

import atelier.cli.Session;
import atelier.cli.output.Printer;
import picocli.CommandLine.Option;

/// `-o table|json|yaml`.
class OutputOptions {
    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORM",
            description = "table, json or yaml")
    private Printer.Format format = Printer.Format.table;

    Printer printer(Session session) {
        return new Printer(session.out(), format);
    }
}
