package atelier.jobs;

import atelier.workspace.Workspace;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/// What jobs print: from the job's folder while it runs, from the storage account afterwards.
///
/// Names: `user_logs/std_log.txt` (standard output and error), `logs/azureml/executionlogs.txt` (what the
/// server did),
/// `azureml-logs/20_image_build_log.txt` (the environment's build).
public interface JobLogs {
    List<LogFile> list(Workspace workspace, Jobs.Job job);

    /// Bytes from `offset` to the present end.
    ///
    /// @throws atelier.kernel.Problem.NotFound `LogNotFound`
    Part read(Workspace workspace, Jobs.Job job, String name, long offset) throws IOException;

    record LogFile(String name, long bytes) {}

    /// @param length bytes in `body`
    /// @param nextOffset where to read on
    record Part(InputStream body, long length, long nextOffset) {}
}
