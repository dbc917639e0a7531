/// The workspace's REST doors.
@NullMarked
package atelier.workspace.http;

import org.jspecify.annotations.NullMarked;
