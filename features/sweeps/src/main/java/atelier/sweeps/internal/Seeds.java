package atelier.sweeps.internal;

import java.util.SplittableRandom;

/// Random numbers that follow from a few numbers, and from others do not follow.
final class Seeds {
    private Seeds() {}

    /// Mixed first: generators of neighbouring seeds would otherwise give the same numbers, one place further.
    static SplittableRandom random(long... parts) {
        long mixed = 0x9E3779B97F4A7C15L;
        for (long part : parts) {
            mixed = mix(mixed + mix(part));
        }
        return new SplittableRandom(mixed);
    }

    /// The finalizer of MurmurHash3 in Stafford's variant 13.
    private static long mix(long bits) {
        long z = (bits ^ (bits >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
