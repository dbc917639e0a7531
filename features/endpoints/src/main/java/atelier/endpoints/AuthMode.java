package atelier.endpoints;

import atelier.kernel.Problem;

/// What opens the scoring door (Azure's `authMode`). A caller of this installation may always score.
public enum AuthMode {
    /// One of the two keys of `listKeys`.
    KEY("Key"),
    /// A token of the endpoint's `token` verb.
    AML_TOKEN("AMLToken"),
    /// A token of this installation.
    AAD_TOKEN("AADToken");

    private final String word;

    AuthMode(String word) {
        this.word = word;
    }

    public String word() {
        return word;
    }

    /// @throws Problem.Invalid naming the three
    public static AuthMode parse(String word) {
        for (AuthMode mode : values()) {
            if (mode.word.equalsIgnoreCase(word)) {
                return mode;
            }
        }
        throw new Problem.Invalid(
                "'" + word + "' is not a way to authenticate; it is Key, AMLToken or AADToken.", "properties.authMode");
    }
}
