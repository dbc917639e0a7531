package atelier.storage.access;

import atelier.kernel.Problem;
import atelier.storage.AccountKeys;
import atelier.web.Exchange;
import atelier.web.Paths;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Finds out what a request may do. A credential that does not hold is an error even when another one would: clients
/// learn of their mistake.
public final class Doorkeeper {
    private static final String SHARED_KEY = "SharedKey ";
    private final AccountKeys keys;
    private final InstantSource clock;

    public Doorkeeper(AccountKeys keys, InstantSource clock) {
        this.keys = keys;
        this.clock = clock;
    }

    /// @param host the path's first part as the client wrote it, such as `atelier.blob.localhost` or `blob/atelier`
    /// @param container of the request; null at the service itself
    /// @param blob of the request; null at a container
    /// @throws Problem.Unauthenticated without a credential
    /// @throws Problem.Forbidden `AuthenticationFailed` with one that does not hold
    public Grant admit(Exchange exchange, String host, @Nullable String container, @Nullable String blob) {
        String authorization = exchange.header("Authorization");
        if (authorization != null && authorization.startsWith(SHARED_KEY)) {
            checkSharedKey(exchange, host, authorization.substring(SHARED_KEY.length()));
            return new Grant.Everything();
        }
        if (exchange.callerIfKnown() != null) {
            return new Grant.Everything();
        }
        if (SasToken.isIn(exchange.queries())) {
            return sas(exchange.queries(), host, container, blob, exchange.secure());
        }
        throw new Problem.Unauthenticated(
                "Blobs are never public here. Send a bearer token, sign with an account key, or add a shared access"
                        + " signature.");
    }

    /// The grant of a signature in the address of a copy's source.
    public Grant admitSource(@Nullable String rawQuery, String host, String container, String blob, boolean secure) {
        Map<String, List<String>> query = Paths.query(rawQuery);
        if (!SasToken.isIn(query)) {
            throw new Problem.Forbidden(
                    "CannotVerifyCopySource", "The source of the copy needs a shared access signature of its own.");
        }
        return sas(query, host, container, blob, secure);
    }

    private Grant sas(
            Map<String, List<String>> query,
            String host,
            @Nullable String container,
            @Nullable String blob,
            boolean secure) {
        // SDKs take the account's name out of the address in their own ways; all of these name this account.
        Set<String> accounts = new LinkedHashSet<>(List.of(AccountKeys.ACCOUNT, host));
        return new SasToken(query).check(keys, new ArrayList<>(accounts), container, blob, clock.instant(), secure);
    }

    private void checkSharedKey(Exchange exchange, String host, String credential) {
        int colon = credential.lastIndexOf(':');
        String account = colon < 0 ? "" : credential.substring(0, colon);
        if (!account.equals(AccountKeys.ACCOUNT) && !account.equalsIgnoreCase(host)) {
            throw failed("There is no account '" + account + "' here.");
        }
        checkFresh(exchange);
        String signature = credential.substring(colon + 1);
        boolean holds = false;
        for (Comparator<String> order : List.of(Comparator.<String>naturalOrder(), StringsToSign.HYPHENS_LAST)) {
            String text = StringsToSign.sharedKey(
                    exchange.method(), exchange.headers(), account, exchange.rawPath(), exchange.queries(), order);
            for (AccountKeys.Key key : keys.list()) {
                holds |= StringsToSign.holds(key.value(), text, signature);
            }
        }
        if (!holds) {
            throw failed("The signature does not match the request. Check the account key.");
        }
    }

    /// A signed request is good for 15 minutes, so that a recorded one cannot be repeated for ever.
    private void checkFresh(Exchange exchange) {
        String date = exchange.header("x-ms-date");
        Instant sent = HttpDates.parse(date == null ? exchange.header("Date") : date);
        if (sent == null || Math.abs(clock.instant().getEpochSecond() - sent.getEpochSecond()) > 15 * 60) {
            throw failed("The request needs 'x-ms-date' within 15 minutes of the server's clock.");
        }
    }

    static Problem failed(String message) {
        return new Problem.Forbidden("AuthenticationFailed", message);
    }
}
