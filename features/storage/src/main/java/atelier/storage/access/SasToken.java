package atelier.storage.access;

import atelier.kernel.Problem;
import atelier.storage.AccountKeys;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The shared access signature in a query: checked, it is a [Grant].
///
/// @param query decoded once
record SasToken(Map<String, List<String>> query) {
    private static final List<String> NOT_HERE = List.of("skoid", "si", "sip", "ses");

    static boolean isIn(Map<String, List<String>> query) {
        return query.containsKey("sig");
    }

    /// @param accounts names the client may have signed with
    /// @param container of the request; null at the service itself
    /// @param blob of the request; null at a container
    /// @throws Problem.Forbidden `AuthenticationFailed` when the signature does not hold now
    Grant check(
            AccountKeys keys,
            List<String> accounts,
            @Nullable String container,
            @Nullable String blob,
            Instant now,
            boolean secure) {
        for (String name : NOT_HERE) {
            if (field(name) != null) {
                throw failed("signatures with '" + name
                        + "' (user delegation, stored policy, address range, encryption scope) are not supported here");
            }
        }
        Grant grant = field("ss") != null ? account(keys, accounts) : resource(keys, accounts, container, blob);
        checkTime(now);
        if ("https".equals(field("spr")) && !secure) {
            throw failed("it is for https only");
        }
        return grant;
    }

    private Grant account(AccountKeys keys, List<String> accounts) {
        List<String> texts = accounts.stream()
                .map(account -> StringsToSign.accountSas(account, this::field))
                .toList();
        checkSignature(keys, texts);
        if (!need("ss").contains("b")) {
            throw new Problem.Forbidden("AuthorizationServiceMismatch", "This signature is not for blobs.");
        }
        return new Grant.Account(need("srt"), need("sp"));
    }

    private Grant resource(AccountKeys keys, List<String> accounts, @Nullable String container, @Nullable String blob) {
        String kind = need("sr");
        boolean whole = kind.equals("c");
        if (!whole && !kind.equals("b")) {
            throw failed("'sr=" + kind + "' is neither a container nor a blob");
        }
        if (container == null || !whole && blob == null) {
            throw new Problem.Forbidden(
                    "AuthorizationResourceTypeMismatch", "This signature is not for the resource that is addressed.");
        }
        String suffix = "/" + container + (whole ? "" : "/" + blob);
        List<String> texts = new ArrayList<>();
        for (String account : accounts) {
            texts.add(StringsToSign.serviceSas("/blob/" + account + suffix, this::field));
        }
        checkSignature(keys, texts);
        return new Grant.Resource(container, whole ? null : blob, need("sp"));
    }

    private void checkSignature(AccountKeys keys, List<String> texts) {
        // Some clients leave the '+' of base64 unescaped, which a query decodes to a space.
        String signature = need("sig").replace(' ', '+');
        boolean holds = false;
        for (AccountKeys.Key key : keys.list()) {
            for (String text : texts) {
                holds |= StringsToSign.holds(key.value(), text, signature);
            }
        }
        if (!holds) {
            throw failed("the signature does not match");
        }
    }

    private void checkTime(Instant now) {
        String start = field("st");
        if (start != null && !start.isEmpty() && now.isBefore(time(start))) {
            throw failed("it starts at " + start);
        }
        String end = need("se");
        if (!now.isBefore(time(end))) {
            throw failed("it ended at " + end);
        }
    }

    private static Instant time(String text) {
        try {
            if (text.length() == 10) {
                return LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant();
            }
            String local = text.endsWith("Z") ? text.substring(0, text.length() - 1) : text;
            return LocalDateTime.parse(local).toInstant(ZoneOffset.UTC);
        } catch (DateTimeParseException e) {
            throw failed("'" + text + "' is not a time");
        }
    }

    private String need(String name) {
        String value = field(name);
        if (value == null || value.isEmpty()) {
            throw failed("it has no '" + name + "'");
        }
        return value;
    }

    private @Nullable String field(String name) {
        List<String> values = query.get(name);
        return values == null ? null : values.getFirst();
    }

    private static Problem failed(String why) {
        return Doorkeeper.failed("The shared access signature does not hold: " + why + ".");
    }
}
