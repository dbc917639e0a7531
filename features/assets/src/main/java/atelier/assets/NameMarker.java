package atelier.assets;

import atelier.kernel.Problem;

/// Where a page of names ended: `<milliseconds>.<name>` of its last row.
public record NameMarker(long at, String name) {
    /// @throws Problem.Invalid `InvalidSkipToken`
    public static NameMarker parse(String text) {
        int dot = text.indexOf('.');
        if (dot > 0 && text.substring(0, dot).matches("\\d{1,18}")) {
            return new NameMarker(Long.parseLong(text.substring(0, dot)), text.substring(dot + 1));
        }
        throw new Problem.Invalid("InvalidSkipToken", "'" + text + "' is not a marker of this list.", "$skip");
    }

    /// As clients carry it.
    public String text() {
        return at + "." + name;
    }
}
