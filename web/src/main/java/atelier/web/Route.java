package atelier.web;

/// One address and what answers it.
///
/// @param method HTTP method, or `*`
/// @param template path such as `/models/{name}/versions/{version}` or `/files/{path...}` (the rest, slashes
///     included);
///     a segment may mix text and one or two parameters, as `{account}.blob.{suffix}`. Literals match in any case, as
/// ARM's do.
/// @param open true when the handler checks the credential itself (SAS, keys, one-time links) or the document is
///     public
/// @param dialect how a problem is said
public record Route(String method, String template, Handler handler, boolean open, ProblemRenderer dialect) {
    public Route {
        if (!template.startsWith("/")) {
            throw new IllegalArgumentException("A template starts with '/': " + template);
        }
    }
}
