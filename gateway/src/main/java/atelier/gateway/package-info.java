/// The edge: TLS by an authority of the installation ([Certificates]), the documents that let Azure's clients find
/// their way
/// ([CloudRoutes]), and the studio's files ([StudioFiles]).
@NullMarked
package atelier.gateway;

import org.jspecify.annotations.NullMarked;
