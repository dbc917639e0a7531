package atelier.vault.internal;

import atelier.kernel.Ids;
import atelier.kernel.Problem;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// AES-256-GCM (NIST SP 800-38D) with a fresh nonce for every value. The place of a secret is authenticated with it: a
/// sealed value that is moved to another row does not open.
public final class Seal {
    private static final String CIPHER = "AES/GCM/NoPadding";
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;
    private final SecretKeySpec key;
    private final Ids ids;

    /// @param key 32 bytes as hexadecimal digits
    public Seal(String key, Ids ids) {
        byte[] bytes = HexFormat.of().parseHex(key);
        if (bytes.length != 32) {
            throw new IllegalArgumentException("The vault's key has " + bytes.length + " bytes instead of 32");
        }
        this.key = new SecretKeySpec(bytes, "AES");
        this.ids = ids;
    }

    String seal(String secret, String place) {
        byte[] nonce = HexFormat.of().parseHex(ids.secret(NONCE_BYTES));
        byte[] sealed = run(Cipher.ENCRYPT_MODE, nonce, secret.getBytes(StandardCharsets.UTF_8), place);
        byte[] all = Arrays.copyOf(nonce, NONCE_BYTES + sealed.length);
        System.arraycopy(sealed, 0, all, NONCE_BYTES, sealed.length);
        return Base64.getEncoder().encodeToString(all);
    }

    String open(String sealed, String place) {
        byte[] all = Base64.getDecoder().decode(sealed);
        byte[] nonce = Arrays.copyOf(all, NONCE_BYTES);
        byte[] secret = run(Cipher.DECRYPT_MODE, nonce, Arrays.copyOfRange(all, NONCE_BYTES, all.length), place);
        return new String(secret, StandardCharsets.UTF_8);
    }

    private byte[] run(int mode, byte[] nonce, byte[] input, String place) {
        try {
            Cipher cipher = Cipher.getInstance(CIPHER);
            cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
            cipher.updateAAD(place.getBytes(StandardCharsets.UTF_8));
            return cipher.doFinal(input);
        } catch (GeneralSecurityException e) {
            throw new Problem.Unavailable(
                    "SecretUnreadable",
                    "This secret does not open with the key of this installation (secrets/vault.key in the data folder)."
                            + " Bring back the key that belongs to the database, or set the secret anew.",
                    e);
        }
    }
}
