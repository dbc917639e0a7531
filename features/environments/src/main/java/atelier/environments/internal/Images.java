package atelier.environments.internal;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a container image says about Python. Images are not run here: an interpreter takes their place, without the
/// packages that the image may have.
final class Images {
    private static final Pattern PYTHON_TAG = Pattern.compile("(?:^|/)python:(\\d\\.\\d+)");
    private static final Pattern PY_NUMBER = Pattern.compile("[-:_]py(?:thon)?-?(3)\\.?(\\d{1,2})(?!\\d)");

    private Images() {}

    static String withoutTag(String image) {
        int digest = image.indexOf('@');
        String named = digest < 0 ? image : image.substring(0, digest);
        int tag = named.lastIndexOf(':');
        return tag > named.lastIndexOf('/') ? named.substring(0, tag) : named;
    }

    /// `3.10` for `python:3.10-slim` and for `…-py310-…`; empty when the name does not tell.
    static String python(String image) {
        Matcher tag = PYTHON_TAG.matcher(image);
        if (tag.find()) {
            return tag.group(1);
        }
        Matcher number = PY_NUMBER.matcher(image);
        return number.find() ? number.group(1) + "." + number.group(2) : "";
    }
}
