package atelier.kernel;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.UUID;

/// Source of new identifiers; injected so that tests can foresee them.
public interface Ids {
    /// A random UUID in lower case with dashes.
    String guid();

    /// 32 lower-case hexadecimal digits, as MLflow's run ids.
    default String hex() {
        return guid().replace("-", "");
    }

    /// `bytes` random bytes as hexadecimal, for tokens and keys.
    String secret(int bytes);

    static Ids random() {
        SecureRandom random = new SecureRandom();
        return new Ids() {
            @Override
            public String guid() {
                return UUID.randomUUID().toString();
            }

            @Override
            public String secret(int bytes) {
                byte[] value = new byte[bytes];
                random.nextBytes(value);
                return HexFormat.of().formatHex(value);
            }
        };
    }
}
