/// How an environment comes to be, in the order of the work: [Definitions] (what is asked for, from assets, [Curated]
/// names, [Images] and [CondaFile]s), [Pythons] (which interpreter), [Uv] (lock and install, through the port [Tool]),
/// [EnvironmentFolders] (where it is kept), [LockedEnvironments] (one build for all who wait).
@NullMarked
package atelier.environments.internal;

import org.jspecify.annotations.NullMarked;
