/// The storage account. Start with [Blobs], the verbs; [BlobPath] names a blob.
@NullMarked
package atelier.storage;

import org.jspecify.annotations.NullMarked;
