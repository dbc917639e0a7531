package atelier.environments.internal;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Variables for uv, made from its own (which win) and from pip's configuration.
final class UvSettings {
    /// A line of `pip config list`: `global.index-url='…'`; `:env:` are variables.
    private static final Pattern LINE = Pattern.compile("(:env:|global|install|site|user)\\.([a-z-]+)=(['\"])(.*)\\3");

    private UvSettings() {}

    static Map<String, String> of(Map<String, String> variables, String pipConfig, Path cache) {
        Map<String, String> pip = pip(pipConfig);
        Map<String, String> settings = new HashMap<>();
        settings.put("UV_CACHE_DIR", cache.toString());
        settings.put("UV_PYTHON_DOWNLOADS", "never");
        settings.put("UV_NO_PROGRESS", "1");
        settings.put("NO_COLOR", "1");
        // The server may itself run inside a virtual environment; packages must not go there.
        for (String name : List.of("VIRTUAL_ENV", "CONDA_PREFIX", "PYTHONPATH", "PYTHONHOME")) {
            settings.put(name, "");
        }
        if (!variables.containsKey("UV_DEFAULT_INDEX") && !variables.containsKey("UV_INDEX_URL")) {
            copy(pip, "index-url", settings, "UV_DEFAULT_INDEX");
        }
        if (!variables.containsKey("UV_INDEX") && !variables.containsKey("UV_EXTRA_INDEX_URL")) {
            copy(pip, "extra-index-url", settings, "UV_INDEX");
        }
        if (!variables.containsKey("UV_FIND_LINKS") && pip.containsKey("find-links")) {
            List<String> places = new ArrayList<>();
            for (String place : pip.getOrDefault("find-links", "").split(" ")) {
                // pip passes over a folder that is not there, uv stops.
                if (place.contains("://") || Files.isDirectory(Path.of(place))) {
                    places.add(place);
                }
            }
            if (!places.isEmpty()) {
                settings.put("UV_FIND_LINKS", String.join(",", places));
            }
        }
        if (pip.getOrDefault("no-index", "").matches("1|true|yes|on")) {
            settings.put("UV_NO_INDEX", "1");
        }
        if (!variables.containsKey("SSL_CERT_FILE")) {
            copy(pip, "cert", settings, "SSL_CERT_FILE");
        }
        return Map.copyOf(settings);
    }

    private static void copy(Map<String, String> pip, String from, Map<String, String> settings, String to) {
        String value = pip.getOrDefault(from, "");
        if (!value.isEmpty()) {
            settings.put(to, value);
        }
    }

    /// Later sections win: files, then the section for `pip install`, then variables.
    private static Map<String, String> pip(String config) {
        Map<String, String> values = new HashMap<>();
        for (String section : List.of("site", "global", "user", "install", ":env:")) {
            for (String line : config.split("\n")) {
                Matcher matcher = LINE.matcher(line.strip());
                if (matcher.matches() && matcher.group(1).equals(section)) {
                    // Several values stand on lines of their own, which pip prints escaped.
                    String value = matcher.group(4).replace("\\n", " ").strip().replaceAll("\\s+", " ");
                    values.put(matcher.group(2), value);
                }
            }
        }
        return values;
    }
}
