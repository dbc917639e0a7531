package atelier.identity.internal;

import atelier.identity.SignedLinks;
import java.time.Duration;
import java.time.InstantSource;

/// [SignedLinks] by HMAC over path and end of life.
public final class HmacLinks implements SignedLinks {
    private final String key;
    private final InstantSource clock;

    public HmacLinks(String key, InstantSource clock) {
        this.key = "links:" + key;
        this.clock = clock;
    }

    @Override
    public String sign(String path, Duration life) {
        long end = clock.instant().plus(life).getEpochSecond();
        return "se=" + end + "&sig=" + Hmac.sign(key, path + "\n" + end);
    }

    @Override
    public boolean opens(String path, String se, String sig) {
        if (!se.matches("\\d{1,12}") || !Hmac.same(Hmac.sign(key, path + "\n" + se), sig)) {
            return false;
        }
        return clock.instant().getEpochSecond() < Long.parseLong(se);
    }
}
