package atelier.storage;

import atelier.kernel.Problem;
import java.util.Base64;

/// One entry of a block list that is to be committed.
///
/// @param from where the block is looked for
/// @param id base64 of at most 64 bytes
public record BlockRef(From from, String id) {
    private static final int ID_BYTES = 64;

    /// The three elements of a block list's XML.
    public enum From {
        COMMITTED,
        UNCOMMITTED,
        /// The uncommitted block of that id, or else the committed one.
        LATEST
    }

    public BlockRef {
        checkId(id);
    }

    /// @throws Problem.Invalid `InvalidBlockId`
    public static String checkId(String id) {
        int length = length(id);
        if (length < 1 || length > ID_BYTES) {
            throw new Problem.Invalid("InvalidBlockId", "A block id is base64 of 1 to 64 bytes.", "blockid");
        }
        return id;
    }

    /// Bytes of an id; -1 when it is not base64.
    static int length(String id) {
        try {
            return Base64.getDecoder().decode(id).length;
        } catch (IllegalArgumentException e) {
            return -1;
        }
    }
}
