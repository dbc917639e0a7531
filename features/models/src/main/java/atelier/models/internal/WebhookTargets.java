package atelier.models.internal;

import atelier.mlflow.MlflowRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/// Where webhooks may be sent, and the sending. A host at an address that is not public (loopback, private networks,
/// link-local: the cloud's metadata) is refused unless it was allowed by name: whoever may make a webhook could else
/// make the server talk to what only the server can reach. The check is made on the very address that is then
/// connected to, so that a name that changes its address between check and use gains nothing; redirects are not
/// followed and proxies not used, for the same reason.
public final class WebhookTargets implements AutoCloseable {
    /// Allows every host.
    public static final String ANY = "any";

    private static final int LONGEST_BODY = 64 * 1024;
    private static final Timeout CONNECT = Timeout.ofSeconds(10);
    private static final Timeout ANSWER = Timeout.ofSeconds(30);
    private final Set<String> allowed;
    private final CloseableHttpClient client;

    /// @param allowed hosts, as addresses of webhooks name them, that may be private; [#ANY] for all
    public WebhookTargets(Collection<String> allowed) {
        this.allowed =
                allowed.stream().map(host -> host.toLowerCase(Locale.ROOT)).collect(Collectors.toSet());
        ConnectionConfig connection =
                ConnectionConfig.custom().setConnectTimeout(CONNECT).build();
        RequestConfig request = RequestConfig.custom()
                .setResponseTimeout(ANSWER)
                .setRedirectsEnabled(false)
                .build();
        this.client = HttpClients.custom()
                .setConnectionManager(PoolingHttpClientConnectionManagerBuilder.create()
                        .setDnsResolver(new Guarded())
                        .setDefaultConnectionConfig(connection)
                        .setMaxConnTotal(20)
                        .setMaxConnPerRoute(10)
                        .build())
                .setDefaultRequestConfig(request)
                .disableRedirectHandling()
                .disableAutomaticRetries()
                .disableCookieManagement()
                .disableAuthCaching()
                .setUserAgent("atelier")
                .build();
    }

    /// @param retryAfterMillis 0 when the receiver did not say
    public record Reply(int status, String body, long retryAfterMillis) {}

    /// Refuses what is no http address, or leads to where a webhook may not. A host that is unknown just now passes: it
    /// is looked up at each delivery.
    ///
    /// @param url fine when null
    public void check(@Nullable String url) {
        if (url == null) {
            return;
        }
        if (url.isBlank()) {
            throw MlflowRequest.invalid("Webhook URL cannot be empty or just whitespace: '" + url + "'");
        }
        URI parsed;
        try {
            parsed = new URI(url);
        } catch (URISyntaxException e) {
            throw MlflowRequest.invalid("Invalid webhook URL '" + url + "': " + e.getMessage());
        }
        String scheme = String.valueOf(parsed.getScheme()).toLowerCase(Locale.ROOT);
        if (!scheme.equals("https") && !scheme.equals("http")) {
            throw MlflowRequest.invalid(
                    "Invalid webhook URL scheme: '" + scheme + "'. Allowed schemes are: https, http.");
        }
        String host = parsed.getHost();
        if (host == null || host.isEmpty()) {
            throw MlflowRequest.invalid("Webhook URL must include a hostname: '" + url + "'");
        }
        if (parsed.getRawUserInfo() != null) {
            throw MlflowRequest.invalid("A webhook URL holds no user and password; use the webhook's secret.");
        }
        try {
            guard(bare(host), lookUp(bare(host)));
        } catch (Refused e) {
            throw MlflowRequest.invalid(String.valueOf(e.getMessage()));
        }
    }

    /// Delivers once.
    ///
    /// @param secret signs the delivery: base64 of HMAC-SHA256 over `id.time.body`
    /// @param time epoch seconds
    /// @throws IOException when there is no answer or the address is refused
    public Reply post(String url, String id, String body, long time, Optional<String> secret) throws IOException {
        HttpPost post = new HttpPost(url);
        post.setEntity(
                new ByteArrayEntity(body.getBytes(StandardCharsets.UTF_8), ContentType.create("application/json")));
        post.setHeader("X-MLflow-Delivery-Id", id);
        post.setHeader("X-MLflow-Timestamp", Long.toString(time));
        if (secret.isPresent()) {
            post.setHeader("X-MLflow-Signature", "v1," + signature(secret.get(), id + "." + time + "." + body));
        }
        return client.execute(post, WebhookTargets::reply);
    }

    private static Reply reply(ClassicHttpResponse response) throws IOException {
        byte[] bytes = response.getEntity() == null
                ? new byte[0]
                : response.getEntity().getContent().readNBytes(LONGEST_BODY);
        Header after = response.getFirstHeader("Retry-After");
        boolean seconds = after != null && after.getValue().matches("\\d{1,6}");
        return new Reply(
                response.getCode(),
                new String(bytes, StandardCharsets.UTF_8),
                seconds ? Long.parseLong(after.getValue()) * 1000 : 0);
    }

    static String signature(String secret, String content) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return Base64.getEncoder().encodeToString(mac.doFinal(content.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String bare(String host) {
        return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
    }

    /// None when the name is unknown, or its server does not answer in time.
    private static List<InetAddress> lookUp(String host) {
        CompletableFuture<List<InetAddress>> found = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> {
            try {
                found.complete(List.of(InetAddress.getAllByName(host)));
            } catch (UnknownHostException e) {
                found.complete(List.of());
            }
        });
        return found.completeOnTimeout(List.of(), 5, TimeUnit.SECONDS).join();
    }

    private void guard(String host, List<InetAddress> addresses) throws Refused {
        if (allowed.contains(ANY) || allowed.contains(host.toLowerCase(Locale.ROOT))) {
            return;
        }
        for (InetAddress address : addresses) {
            if (!PublicAddresses.isPublic(address)) {
                throw new Refused("Webhook URL host '" + host + "' is at " + address.getHostAddress()
                        + ", which is not a public IP address. Start the server with --webhook-hosts " + host
                        + " to allow it.");
            }
        }
    }

    /// An address that may not be reached.
    private static final class Refused extends UnknownHostException {
        private static final long serialVersionUID = 1L;

        Refused(String message) {
            super(message);
        }
    }

    private final class Guarded implements DnsResolver {
        @Override
        public InetAddress[] resolve(String host) throws UnknownHostException {
            InetAddress[] addresses = InetAddress.getAllByName(bare(host));
            guard(bare(host), List.of(addresses));
            return addresses;
        }

        @Override
        public String resolveCanonicalHostname(String host) {
            return host;
        }
    }

    @Override
    public void close() throws IOException {
        client.close();
    }
}
