package atelier.cli.az;

import atelier.cli.CliError;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The words of a call of `az`: those before the first option name the verb, the others are options with their values.
record Given(List<String> verb, Map<String, List<String>> options) {
    /// Short names, as `az` has them everywhere.
    private static final Map<String, String> LONG = Map.ofEntries(
            Map.entry("-n", "--name"),
            Map.entry("-g", "--resource-group"),
            Map.entry("-l", "--location"),
            Map.entry("-o", "--output"),
            Map.entry("--out", "--output"),
            Map.entry("-d", "--defaults"),
            Map.entry("-s", "--subscription"),
            Map.entry("-f", "--file"),
            Map.entry("-c", "--container-name"),
            Map.entry("-y", "--yes"),
            Map.entry("-h", "--help"),
            Map.entry("-w", "--workspace-name"),
            Map.entry("-t", "--type"),
            Map.entry("-u", "--username"),
            Map.entry("-p", "--password"));

    static Given of(String[] words) {
        List<String> verb = new ArrayList<>();
        Map<String, List<String>> options = new HashMap<>();
        List<String> at = verb;
        for (String word : words) {
            if (word.startsWith("-") && word.length() > 1 && !word.matches("-\\d+")) {
                String[] parts = word.split("=", 2);
                at = options.computeIfAbsent(LONG.getOrDefault(parts[0], parts[0]), name -> new ArrayList<>());
                if (parts.length > 1) {
                    at.add(parts[1]);
                }
            } else {
                at.add(word);
            }
        }
        return new Given(List.copyOf(verb), options);
    }

    boolean has(String option) {
        return options.containsKey(option);
    }

    @Nullable
    String text(String option) {
        List<String> values = options.getOrDefault(option, List.of());
        return values.isEmpty() ? null : values.getFirst();
    }

    String text(String option, String absent) {
        String given = text(option);
        return given == null ? absent : given;
    }

    List<String> texts(String option) {
        return options.getOrDefault(option, List.of());
    }

    String required(String option) {
        String given = text(option);
        if (given == null || given.isEmpty()) {
            throw new CliError("az " + String.join(" ", verb) + " needs " + option + ".");
        }
        return given;
    }
}
