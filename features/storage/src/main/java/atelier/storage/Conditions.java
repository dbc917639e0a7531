package atelier.storage;

import atelier.kernel.Problem;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Conditional headers of one request (learn.microsoft.com, "Specifying conditional headers for Blob service
/// operations"). Dates compare in whole seconds, as `Last-Modified` has no finer.
///
/// @param ifMatch ETags, quoted, or `*`; empty when the header is missing
/// @param ifNoneMatch the same
public record Conditions(
        List<String> ifMatch,
        List<String> ifNoneMatch,
        @Nullable Instant ifModifiedSince,
        @Nullable Instant ifUnmodifiedSince) {
    public static final Conditions NONE = new Conditions(List.of(), List.of(), null, null);
    public static final Conditions ABSENT = new Conditions(List.of(), List.of("*"), null, null);

    public Conditions {
        ifMatch = List.copyOf(ifMatch);
        ifNoneMatch = List.copyOf(ifNoneMatch);
    }

    /// Whether a read of this version is to be answered; false means "not modified".
    ///
    /// @throws Problem.PreconditionFailed `ConditionNotMet`
    public boolean readable(String etag, Instant modifiedAt) {
        if (!ifMatch.isEmpty() && !matches(ifMatch, etag)
                || ifUnmodifiedSince != null && seconds(modifiedAt).isAfter(ifUnmodifiedSince)) {
            throw notMet();
        }
        if (!ifNoneMatch.isEmpty()) {
            return !matches(ifNoneMatch, etag);
        }
        return ifModifiedSince == null || seconds(modifiedAt).isAfter(ifModifiedSince);
    }

    /// Whether a write may replace, change or delete what is there now.
    ///
    /// @param current null when nothing is there
    /// @throws Problem.AlreadyExists `BlobAlreadyExists` for `If-None-Match: *`
    /// @throws Problem.PreconditionFailed `ConditionNotMet`
    public void checkWrite(@Nullable Blob current) {
        if (current == null) {
            if (!ifMatch.isEmpty()) {
                throw notMet();
            }
            return;
        }
        if (ifNoneMatch.contains("*")) {
            throw new Problem.AlreadyExists("BlobAlreadyExists", "The specified blob already exists.");
        }
        if (!readable(current.etag(), current.modifiedAt())) {
            throw notMet();
        }
    }

    private static boolean matches(List<String> etags, String etag) {
        return etags.contains("*") || etags.contains(etag);
    }

    private static Instant seconds(Instant instant) {
        return instant.truncatedTo(ChronoUnit.SECONDS);
    }

    private static Problem notMet() {
        return new Problem.PreconditionFailed(
                "ConditionNotMet", "The condition specified using HTTP conditional header(s) is not met.");
    }
}
