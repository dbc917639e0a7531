package atelier.kernel;

/// Who makes a request, as the gateway found out from the token.
///
/// @param name what people read: a user's name, or `job:<name>` for a job's own identity
/// @param objectId stable id of the principal (a UUID), as Azure's `oid`
/// @param kind what stands behind the name
public record Caller(String name, String objectId, Kind kind) {
    /// Kinds of principals.
    public enum Kind {
        /// A person (the owner of the installation, until roles arrive).
        USER,
        /// A running job or deployment.
        JOB,
        /// Atelier itself: schedules, recovery.
        SYSTEM
    }

    /// Atelier acting for itself.
    public static final Caller SYSTEM = new Caller("atelier", "00000000-0000-0000-0000-0000000000a7", Kind.SYSTEM);
}
