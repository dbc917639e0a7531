package atelier.workspace;

/// What the other parts of the server do for a workspace as a whole. The composition root connects them; until then,
/// and
/// in tests, [#NONE] stands in.
public interface WorkspaceParts {
    /// The workspace is being deleted: what runs in it ends, and what Azure does not keep (computes, endpoints) goes.
    void closing(Workspace workspace);

    /// The workspace is being purged: its rows and bytes go for good. Called again after a crash; must bear it.
    void purging(Workspace workspace);

    /// The first key of the storage account.
    String storageKey();

    WorkspaceParts NONE = new WorkspaceParts() {
        @Override
        public void closing(Workspace workspace) {}

        @Override
        public void purging(Workspace workspace) {}

        @Override
        public String storageKey() {
            return "";
        }
    };
}
