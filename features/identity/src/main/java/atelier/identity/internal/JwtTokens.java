package atelier.identity.internal;

import atelier.identity.Tokens;
import atelier.kernel.Caller;
import atelier.kernel.Problem;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import java.util.function.Predicate;

/// JSON Web Tokens signed with HS256 by a key of this installation. The claims are those that the Azure SDKs read from
/// a
/// Microsoft Entra token: `aud` word for word, `oid`, `tid`, `iat`, `nbf`, `exp`.
public final class JwtTokens implements Tokens {
    private static final String ISSUER = "https://atelier/" + TENANT + "/";
    private static final Caller OWNER = new Caller("owner", "00000000-0000-0000-0000-000000000010", Caller.Kind.USER);
    private final String ownerToken;
    private final byte[] key;
    private final InstantSource clock;
    private volatile Predicate<Caller> ended = _ -> false;

    public JwtTokens(String ownerToken, String key, InstantSource clock) {
        this.ownerToken = ownerToken;
        this.key = ("tokens:" + key).getBytes(StandardCharsets.UTF_8);
        this.clock = clock;
    }

    @Override
    public void refuseWhen(Predicate<Caller> holds) {
        ended = holds;
    }

    @Override
    public Caller owner() {
        return OWNER;
    }

    @Override
    public String ownerToken() {
        return ownerToken;
    }

    @Override
    public String issue(Caller caller, String audience, Duration life) {
        Instant now = clock.instant();
        JWTClaimsSet claims = new JWTClaimsSet.Builder()
                .issuer(ISSUER)
                .audience(audience)
                .subject(caller.objectId())
                .claim("oid", caller.objectId())
                .claim("tid", TENANT)
                .claim("name", caller.name())
                .claim("kind", caller.kind().name())
                .issueTime(Date.from(now))
                .notBeforeTime(Date.from(now))
                .expirationTime(Date.from(now.plus(life)))
                .build();
        SignedJWT token = new SignedJWT(new JWSHeader(JWSAlgorithm.HS256), claims);
        try {
            token.sign(new MACSigner(key));
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
        return token.serialize();
    }

    @Override
    public Caller verify(String token) {
        if (Hmac.same(token, ownerToken)) {
            return OWNER;
        }
        try {
            SignedJWT jwt = SignedJWT.parse(token);
            if (!JWSAlgorithm.HS256.equals(jwt.getHeader().getAlgorithm()) || !jwt.verify(new MACVerifier(key))) {
                throw refused("This token was not issued by this installation.");
            }
            JWTClaimsSet claims = jwt.getJWTClaimsSet();
            Date expires = claims.getExpirationTime();
            if (expires == null || !clock.instant().isBefore(expires.toInstant())) {
                throw refused("This token has expired. Ask for a new one (`atelier env`, or sign in again).");
            }
            Caller caller = new Caller(
                    claims.getStringClaim("name"),
                    claims.getSubject(),
                    Caller.Kind.valueOf(claims.getStringClaim("kind")));
            if (ended.test(caller)) {
                throw refused("This token ended with the job it was made for.");
            }
            return caller;
        } catch (ParseException | JOSEException e) {
            throw refused("This is not a token of this installation.");
        }
    }

    private static Problem refused(String message) {
        return new Problem.Unauthenticated(message);
    }
}
