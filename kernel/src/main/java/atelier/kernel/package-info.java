/// The words every module shares: [Problem] (what can go wrong), [Page], [Ids], [Caller], [Names] and [Json].
/// No I/O and no framework. Start with [Problem]: domain code throws it, `web` renders it in the dialect of each API.
@NullMarked
package atelier.kernel;

import org.jspecify.annotations.NullMarked;
