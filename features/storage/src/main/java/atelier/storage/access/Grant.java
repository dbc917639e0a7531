package atelier.storage.access;

import atelier.kernel.Problem;
import org.jspecify.annotations.Nullable;

/// What a credential allows in the account.
public sealed interface Grant {
    /// What an operation works on.
    enum Level {
        SERVICE('s'),
        CONTAINER('c'),
        OBJECT('o');

        final char letter;

        Level(char letter) {
            this.letter = letter;
        }
    }

    /// Everything: a bearer token or an account key.
    record Everything() implements Grant {}

    /// An account SAS.
    ///
    /// @param types letters of [Level]
    /// @param permissions letters such as `racwdl`
    record Account(String types, String permissions) implements Grant {}

    /// A service SAS.
    ///
    /// @param blob null when it is for the whole container
    record Resource(String container, @Nullable String blob, String permissions) implements Grant {}

    /// @param anyOf permission letters of which one is enough
    /// @throws Problem.Forbidden when the signature does not allow it
    default void require(Level level, @Nullable String container, @Nullable String blob, String anyOf) {
        if (!allows(level, container, blob, anyOf)) {
            throw mismatch();
        }
    }

    default boolean allows(Level level, @Nullable String container, @Nullable String blob, String anyOf) {
        return switch (this) {
            case Everything _ -> true;
            case Account(String types, String permissions) ->
                types.indexOf(level.letter) >= 0 && has(permissions, anyOf);
            case Resource(String ownContainer, String ownBlob, String permissions) ->
                ownContainer.equals(container)
                        && (ownBlob == null || ownBlob.equals(blob))
                        && (level == Level.OBJECT || level == Level.CONTAINER && anyOf.equals("l"))
                        && has(permissions, anyOf);
        };
    }

    private static boolean has(String permissions, String anyOf) {
        return anyOf.chars().anyMatch(letter -> permissions.indexOf(letter) >= 0);
    }

    static Problem mismatch() {
        return new Problem.Forbidden(
                "AuthorizationPermissionMismatch",
                "This request is not authorized to perform this operation using this permission.");
    }
}
