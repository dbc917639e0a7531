/// The storage account. Start with [Blobs], the verbs other features use; [BlobPath] names a blob; [StorageFeature]
/// makes
/// it all. [BlobAccount], [BlockBlobs] and [Containers] are the verbs of the REST door; [Sas] and [AccountKeys] let
/// clients in.
@NullMarked
package atelier.storage;

import org.jspecify.annotations.NullMarked;
