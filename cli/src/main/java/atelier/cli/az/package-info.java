/// What `az` itself does beside `az ml`, as far as a local workspace can: accounts, groups, defaults, blobs.
@NullMarked
package atelier.cli.az;

import org.jspecify.annotations.NullMarked;
