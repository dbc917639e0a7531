package atelier.cli.snapshot;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// `.amlignore`, or else `.gitignore`, of the folder that is uploaded; git's pattern rules, the last match wins. Ignore
/// files of inner folders have no effect, as in azure-ai-ml.
public final class IgnoreFile {
    private record Rule(Pattern pattern, boolean excludes) {}

    private final Path folder;
    private final List<Rule> rules;

    private IgnoreFile(Path folder, List<Rule> rules) {
        this.folder = folder;
        this.rules = rules;
    }

    public static IgnoreFile of(Path folder) throws IOException {
        for (String name : List.of(".amlignore", ".gitignore")) {
            Path file = folder.resolve(name);
            if (Files.isRegularFile(file)) {
                return new IgnoreFile(folder, rules(Files.readAllLines(file)));
            }
        }
        return new IgnoreFile(folder, List.of());
    }

    private static List<Rule> rules(List<String> lines) {
        List<Rule> rules = new ArrayList<>();
        for (String line : lines) {
            String text = line.stripTrailing();
            if (text.isEmpty() || text.startsWith("#") || text.equals("/")) {
                continue;
            }
            boolean excludes = !text.startsWith("!");
            rules.add(new Rule(Pattern.compile(regex(excludes ? text : text.substring(1))), excludes));
        }
        return List.copyOf(rules);
    }

    /// Whether the file (or folder) below the folder is left out.
    public boolean excludes(Path file) {
        String relative = folder.relativize(file).toString().replace('\\', '/');
        boolean excluded = false;
        for (Rule rule : rules) {
            if (rule.pattern().matcher(relative).matches()) {
                excluded = rule.excludes();
            }
        }
        return excluded;
    }

    /// A pattern with a slash before its end is anchored at the folder, any other matches at every depth; whatever is
    /// below a match matches too.
    static String regex(String pattern) {
        String text = pattern.startsWith("\\") ? pattern.substring(1) : pattern;
        boolean folderOnly = text.endsWith("/");
        String body = folderOnly ? text.substring(0, text.length() - 1) : text;
        boolean anchored = body.contains("/");
        if (body.startsWith("/")) {
            body = body.substring(1);
        }
        StringBuilder regex = new StringBuilder(anchored ? "" : "(?:.+/)?");
        String[] segments = body.split("/", -1);
        for (int i = 0; i < segments.length; i++) {
            boolean last = i == segments.length - 1;
            if (segments[i].equals("**")) {
                regex.append(last ? ".*" : "(?:.+/)?");
            } else {
                regex.append(segment(segments[i]));
                if (!last) {
                    regex.append('/');
                }
            }
        }
        return regex.append(folderOnly ? "/.*" : "(?:/.*)?").toString();
    }

    private static String segment(String glob) {
        StringBuilder regex = new StringBuilder();
        for (int i = 0; i < glob.length(); i++) {
            char c = glob.charAt(i);
            switch (c) {
                case '*' -> regex.append("[^/]*");
                case '?' -> regex.append("[^/]");
                case '[' -> {
                    int end = glob.indexOf(']', i + 2);
                    if (end < 0) {
                        regex.append("\\[");
                    } else {
                        String inside = glob.substring(i + 1, end).replace("\\", "\\\\");
                        regex.append('[')
                                .append(inside.startsWith("!") ? "^" + inside.substring(1) : inside)
                                .append(']');
                        i = end;
                    }
                }
                case '\\' -> {
                    if (i + 1 < glob.length()) {
                        regex.append(Pattern.quote(String.valueOf(glob.charAt(++i))));
                    }
                }
                default -> regex.append(Pattern.quote(String.valueOf(c)));
            }
        }
        return regex.toString();
    }
}
