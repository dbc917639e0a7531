package atelier.storage;

import atelier.kernel.Problem;
import atelier.storage.access.StringsToSign;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;

/// Makes shared access signatures: query strings that let their bearer at one container or blob for a while.
/// (learn.microsoft.com, "Create a service SAS".) Regenerating `key1` ends all of them.
public final class Sas {
    /// Read and list.
    public static final String READ = "rl";
    /// Read, add, create, write, delete and list: what an upload needs, a folder's worth.
    public static final String ALL = "racwdl";

    private static final String VERSION = "2022-11-02";
    private static final String LETTERS = "racwdxltmeop";
    private final AccountKeys keys;
    private final InstantSource clock;

    Sas(AccountKeys keys, InstantSource clock) {
        this.keys = keys;
        this.clock = clock;
    }

    /// @param permissions letters out of `racwdl`, see [#READ] and [#ALL]
    /// @return `sv=…&sr=c&…&sig=…`, percent-encoded, without `?`
    public String forContainer(String container, String permissions, Duration life) {
        BlobPath.checkContainer(container);
        return token("c", "/" + container, permissions, life);
    }

    /// For one blob, which need not exist yet.
    public String forBlob(BlobPath path, String permissions, Duration life) {
        return token("b", "/" + path, permissions, life);
    }

    /// Address of a container with its signature, as clients take it whole.
    ///
    /// @param baseUrl `https://host:port` of the server
    public String containerUrl(String baseUrl, String container, String permissions, Duration life) {
        return baseUrl + AccountKeys.PATH + "/" + container + "?" + forContainer(container, permissions, life);
    }

    /// Address of a blob with its signature.
    public String blobUrl(String baseUrl, BlobPath path, String permissions, Duration life) {
        String name = encode(path.name()).replace("+", "%20").replace("%2F", "/");
        return baseUrl + AccountKeys.PATH + "/" + path.container() + "/" + name + "?"
                + forBlob(path, permissions, life);
    }

    private String token(String kind, String resource, String permissions, Duration life) {
        if (permissions.isEmpty() || !permissions.chars().allMatch(letter -> LETTERS.indexOf(letter) >= 0)) {
            throw new Problem.Invalid("Permissions are letters out of '" + LETTERS + "'.", "permissions");
        }
        StringBuilder ordered = new StringBuilder();
        LETTERS.chars().filter(letter -> permissions.indexOf(letter) >= 0).forEach(c -> ordered.append((char) c));
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("sv", VERSION);
        fields.put("sr", kind);
        fields.put("sp", ordered.toString());
        fields.put(
                "se",
                DateTimeFormatter.ISO_INSTANT.format(clock.instant().plus(life).truncatedTo(ChronoUnit.SECONDS)));
        String text = StringsToSign.serviceSas("/blob/" + AccountKeys.ACCOUNT + resource, fields::get);
        fields.put("sig", StringsToSign.sign(keys.list().getFirst().value(), text));
        StringBuilder query = new StringBuilder();
        fields.forEach((name, value) -> query.append(query.isEmpty() ? "" : "&")
                .append(name)
                .append('=')
                .append(encode(value)));
        return query.toString();
    }

    private static String encode(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8);
    }
}
