package atelier.models.internal;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/// Which internet addresses are public (IANA's special-purpose registries). An IPv4 address inside an IPv6 one
/// (mapped, 6to4, NAT64) counts as itself, so that none can hide.
final class PublicAddresses {
    private static final String[] SPECIAL = {
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/3"
    };

    private PublicAddresses() {}

    static boolean isPublic(InetAddress address) {
        byte[] bytes = address.getAddress();
        if (bytes.length == 4) {
            return Arrays.stream(SPECIAL).noneMatch(range -> within(bytes, range));
        }
        byte[] inside = embedded(bytes);
        if (inside.length == 4) {
            return isPublic(of(inside));
        }
        // Global unicast is 2000::/3; of it, 2001::/23 (Teredo and others) and 2001:db8::/32 are special.
        int first = (bytes[0] & 0xff) << 8 | bytes[1] & 0xff;
        int second = (bytes[2] & 0xff) << 8 | bytes[3] & 0xff;
        return first >> 13 == 1 && !(first == 0x2001 && (second < 0x200 || second == 0xdb8));
    }

    /// The IPv4 address inside; empty when there is none.
    private static byte[] embedded(byte[] b) {
        if ((b[0] & 0xff) == 0x20 && b[1] == 2) {
            return Arrays.copyOfRange(b, 2, 6);
        }
        boolean nat64 = b[0] == 0 && b[1] == 0x64 && (b[2] & 0xff) == 0xff && (b[3] & 0xff) == 0x9b;
        boolean mapped = allZero(b, 0, 10) && (b[10] & 0xff) == 0xff && (b[11] & 0xff) == 0xff;
        return mapped || nat64 && allZero(b, 4, 12) ? Arrays.copyOfRange(b, 12, 16) : new byte[0];
    }

    private static boolean allZero(byte[] b, int from, int to) {
        for (int i = from; i < to; i++) {
            if (b[i] != 0) {
                return false;
            }
        }
        return true;
    }

    private static InetAddress of(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean within(byte[] address, String range) {
        int slash = range.indexOf('/');
        int bits = Integer.parseInt(range.substring(slash + 1));
        int mask = -1 << 32 - bits;
        String[] parts = range.substring(0, slash).split("\\.");
        int wanted = 0;
        int given = 0;
        for (int i = 0; i < 4; i++) {
            wanted = wanted << 8 | Integer.parseInt(parts[i]);
            given = given << 8 | address[i] & 0xff;
        }
        return (given & mask) == (wanted & mask);
    }
}
