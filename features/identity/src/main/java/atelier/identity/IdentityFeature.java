package atelier.identity;

import atelier.identity.http.TokenRoutes;
import atelier.identity.internal.HmacLinks;
import atelier.identity.internal.JwtTokens;
import atelier.identity.internal.SecretFiles;
import atelier.kernel.Ids;
import atelier.web.Routes;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;

/// The identity feature, wired.
///
/// @param secret makes further secrets of the installation by name (the keystore's password)
public record IdentityFeature(Tokens tokens, SignedLinks links, Callers callers, Secrets secret, List<Routes> routes) {
    /// Named secrets of the installation, made at first use.
    @FunctionalInterface
    public interface Secrets {
        String get(String name) throws IOException;
    }

    /// @param folder where secrets are kept, readable by the owner alone: `owner.token`, `identity.secret`,
    /// `signing.key`
    public static IdentityFeature create(Path folder, InstantSource clock, Ids ids) throws IOException {
        SecretFiles files = new SecretFiles(folder, ids);
        String key = files.get("signing.key", "");
        JwtTokens tokens = new JwtTokens(files.get("owner.token", "atl_"), key, clock);
        StudioLinks studio = new StudioLinks(clock, ids);
        TokenRoutes routes = new TokenRoutes(tokens, studio, files.get("identity.secret", ""), clock);
        return new IdentityFeature(
                tokens,
                new HmacLinks(key, clock),
                new Callers(tokens),
                name -> files.get(name, ""),
                List.of(routes.routes()));
    }
}
