/// The Blob service's REST API, block blobs. Start with [BlobRoutes]: it finds out what is addressed, who asks and
/// which
/// operation it is.
@NullMarked
package atelier.storage.http;

import org.jspecify.annotations.NullMarked;
