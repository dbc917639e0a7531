package atelier.web;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Finds the route of a raw path: a tree of segments in which a literal beats a pattern, a pattern beats a parameter,
/// and a
/// parameter beats a rest.
final class Router {
    private static final Pattern PARAMETER = Pattern.compile("\\{([A-Za-z]+)}");
    private final Node root = new Node();

    /// What was found: the route and its decoded parameters.
    record Match(Route route, Map<String, String> parameters) {}

    Router(List<Route> routes) {
        routes.forEach(this::add);
    }

    private void add(Route route) {
        Node node = root;
        for (String segment : Paths.segments(route.template())) {
            node = node.child(segment);
        }
        if (node.routes.put(route.method(), route) != null) {
            throw new IllegalStateException("Two routes for " + route.method() + " " + route.template());
        }
    }

    /// Null when no template matches with that method; [#at] tells those of other methods.
    @Nullable
    Match find(String method, String rawPath) {
        return find(root, Paths.segments(rawPath), 0, method, new HashMap<>(), new TreeMap<>());
    }

    /// What the address knows, by method; empty when no template matches.
    SortedMap<String, Route> at(String rawPath) {
        TreeMap<String, Route> known = new TreeMap<>();
        find(root, Paths.segments(rawPath), 0, "", new HashMap<>(), known);
        return known;
    }

    /// The dialect that is spoken around an address at which there is nothing: that of the routes below its longest
    /// known beginning. Null when not even its first segment is known.
    @Nullable
    ProblemRenderer dialectAround(String rawPath) {
        Node node = root;
        for (String segment : Paths.segments(rawPath)) {
            Node next = node.literals.get(segment.toLowerCase(Locale.ROOT));
            if (next == null && node != root && !node.parameters.isEmpty()) {
                next = node.parameters.values().iterator().next();
            }
            if (next == null) {
                break;
            }
            node = next;
        }
        return node == root ? null : node.dialect();
    }

    private @Nullable Match find(
            Node node,
            List<String> segments,
            int index,
            String method,
            Map<String, String> parameters,
            TreeMap<String, Route> otherMethods) {
        if (index == segments.size()) {
            return node.match(method, parameters, otherMethods);
        }
        String segment = segments.get(index);
        Node literal = node.literals.get(segment.toLowerCase(Locale.ROOT));
        if (literal != null) {
            Match match = find(literal, segments, index + 1, method, parameters, otherMethods);
            if (match != null) {
                return match;
            }
        }
        for (PatternChild child : node.patterns) {
            Matcher matcher = child.pattern.matcher(segment);
            if (matcher.matches()) {
                Map<String, String> more = new HashMap<>(parameters);
                for (int i = 0; i < child.names.size(); i++) {
                    more.put(child.names.get(i), Paths.decode(matcher.group(i + 1)));
                }
                Match match = find(child.node, segments, index + 1, method, more, otherMethods);
                if (match != null) {
                    return match;
                }
            }
        }
        for (Map.Entry<String, Node> child : node.parameters.entrySet()) {
            if (segment.isEmpty()) {
                continue;
            }
            Map<String, String> more = new HashMap<>(parameters);
            more.put(child.getKey(), Paths.decode(segment));
            Match match = find(child.getValue(), segments, index + 1, method, more, otherMethods);
            if (match != null) {
                return match;
            }
        }
        for (Map.Entry<String, Node> child : node.rests.entrySet()) {
            Map<String, String> more = new HashMap<>(parameters);
            more.put(child.getKey(), Paths.decode(String.join("/", segments.subList(index, segments.size()))));
            Match match = child.getValue().match(method, more, otherMethods);
            if (match != null) {
                return match;
            }
        }
        return null;
    }

    private record PatternChild(String template, Pattern pattern, List<String> names, Node node) {}

    private static final class Node {
        final Map<String, Node> literals = new HashMap<>();
        final List<PatternChild> patterns = new ArrayList<>();
        final Map<String, Node> parameters = new HashMap<>();
        final Map<String, Node> rests = new HashMap<>();
        final Map<String, Route> routes = new HashMap<>();

        Node child(String segment) {
            if (segment.indexOf('{') < 0) {
                return literals.computeIfAbsent(segment.toLowerCase(Locale.ROOT), _ -> new Node());
            }
            if (segment.startsWith("{") && segment.endsWith("...}")) {
                return rests.computeIfAbsent(segment.substring(1, segment.length() - 4), _ -> new Node());
            }
            if (segment.startsWith("{") && segment.indexOf('}') == segment.length() - 1) {
                return parameters.computeIfAbsent(segment.substring(1, segment.length() - 1), _ -> new Node());
            }
            for (PatternChild child : patterns) {
                if (child.template.equals(segment)) {
                    return child.node;
                }
            }
            PatternChild child = pattern(segment);
            patterns.add(child);
            return child.node;
        }

        private static PatternChild pattern(String segment) {
            Matcher matcher = PARAMETER.matcher(segment);
            StringBuilder regex = new StringBuilder();
            List<String> names = new ArrayList<>();
            int from = 0;
            while (matcher.find()) {
                regex.append(Pattern.quote(segment.substring(from, matcher.start())))
                        .append("(.+?)");
                names.add(matcher.group(1));
                from = matcher.end();
            }
            regex.append(Pattern.quote(segment.substring(from)));
            return new PatternChild(
                    segment, Pattern.compile(regex.toString(), Pattern.CASE_INSENSITIVE), names, new Node());
        }

        /// Of some route at or below this node.
        @Nullable
        ProblemRenderer dialect() {
            for (Route route : routes.values()) {
                return route.dialect();
            }
            List<Node> below = new ArrayList<>(literals.values());
            patterns.forEach(child -> below.add(child.node));
            below.addAll(parameters.values());
            below.addAll(rests.values());
            for (Node node : below) {
                ProblemRenderer dialect = node.dialect();
                if (dialect != null) {
                    return dialect;
                }
            }
            return null;
        }

        @Nullable
        Match match(String method, Map<String, String> parameters, TreeMap<String, Route> otherMethods) {
            Route route = routes.get(method);
            if (route == null && method.equals("HEAD")) {
                route = routes.get("GET");
            }
            if (route == null) {
                route = routes.get("*");
            }
            if (route == null) {
                otherMethods.putAll(routes);
                return null;
            }
            return new Match(route, Map.copyOf(parameters));
        }
    }
}
