package atelier.cli.yaml;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/// The known name that a misspelt one was most likely meant to be.
public final class Nearest {
    private Nearest() {}

    /// Empty when none is near: more than a third of the letters would have to change.
    public static Optional<String> of(String word, Collection<String> known) {
        String wanted = word.toLowerCase(Locale.ROOT);
        return known.stream()
                .min(Comparator.comparingInt(name -> distance(wanted, name.toLowerCase(Locale.ROOT))))
                .filter(name ->
                        distance(wanted, name.toLowerCase(Locale.ROOT)) <= Math.max(1, (name.length() + 1) / 3));
    }

    /// `, did you mean 'x'?` or an empty string.
    public static String hint(String word, Collection<String> known) {
        return of(word, known).map(name -> " Did you mean '" + name + "'?").orElse("");
    }

    /// Edit distance: insert, delete, replace one letter, or swap two neighbours.
    static int distance(String a, String b) {
        int[][] cost = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    cost[i][j] = i + j;
                    continue;
                }
                int replace = cost[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                int best = Math.min(replace, Math.min(cost[i - 1][j], cost[i][j - 1]) + 1);
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    best = Math.min(best, cost[i - 2][j - 2] + 1);
                }
                cost[i][j] = best;
            }
        }
        return cost[a.length()][b.length()];
    }
}
