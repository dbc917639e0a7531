package atelier.datasets;

/// What datastores need to keep a secret: text that only this installation can open. The key is not in the database.
public interface DatastoreSecrets {
    String seal(String plain);

    /// @throws atelier.kernel.Problem.Conflict `SecretUnreadable` when it was sealed by another installation
    String open(String sealed);
}
