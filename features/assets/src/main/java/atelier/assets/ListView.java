package atelier.assets;

import atelier.kernel.Nearest;
import atelier.kernel.Problem;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Which assets a list shows (`ListViewType` of the specification).
public enum ListView {
    ACTIVE("ActiveOnly"),
    ARCHIVED("ArchivedOnly"),
    ALL("All");

    private final String word;

    ListView(String word) {
        this.word = word;
    }

    /// Azure's word.
    public String word() {
        return word;
    }

    public boolean shows(boolean archived) {
        return this == ALL || archived == (this == ARCHIVED);
    }

    /// @param word as sent, in any case; null and empty are `ActiveOnly`
    /// @throws Problem.Invalid naming the three words
    public static ListView parse(@Nullable String word) {
        if (word == null || word.isEmpty()) {
            return ACTIVE;
        }
        // azure-ai-ml writes the name of its own enumeration when it lists data of a registry:
        // ListViewType.ACTIVE_ONLY.
        String bare = word.replaceFirst("(?i)^ListViewType\\.", "").replace("_", "");
        for (ListView view : values()) {
            if (view.word.equalsIgnoreCase(bare)) {
                return view;
            }
        }
        List<String> words = Arrays.stream(values()).map(ListView::word).toList();
        throw new Problem.Invalid(
                "InvalidListViewType",
                "'listViewType' is " + String.join(", ", words) + ", not '" + word + "'." + Nearest.hint(word, words),
                "listViewType");
    }
}
