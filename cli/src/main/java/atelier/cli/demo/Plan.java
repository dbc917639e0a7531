package atelier.cli.demo;

import java.util.Locale;

/// What the demo works on: the file, the column to predict, and the name that dataset, model and endpoint share.
///
/// @param synthetic whether the patients are made up by [Patients]
record Plan(CsvFile csv, String target, String name, boolean synthetic) {
    /// The name of the synthetic patients' dataset, model and endpoint.
    static final String SYNTHETIC = "synthetic-patients";

    /// A name that every kind of thing accepts, from the file's own: lower case, digits and `-`, 3 to 24 characters.
    static String nameOf(String file) {
        String stem = file.replaceFirst("\\.[^.]*$", "").toLowerCase(Locale.ROOT);
        String name = stem.replaceAll("[^a-z0-9]+", "-").replaceAll("^[^a-z]+|-+$", "");
        if (name.length() > 24) {
            name = name.substring(0, 24).replaceAll("-+$", "");
        }
        return name.length() < 3 ? "own-" + (name.isEmpty() ? "data" : name) : name;
    }
}
