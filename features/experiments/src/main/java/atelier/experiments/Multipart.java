package atelier.experiments;

import atelier.kernel.Ids;
import atelier.kernel.Problem;
import atelier.mlflow.MlflowRequest;
import atelier.storage.Blob;
import atelier.storage.BlobPath;
import atelier.storage.BlockBlobs;
import atelier.storage.BlockRef;
import atelier.storage.Sas;
import atelier.storage.Upload;
import atelier.workspace.Workspace;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/// Artifacts in parts (mlflow/store/artifact/http_artifact_repo.py). A part is a block of the storage account, put
/// there by the client at a signed address; completing commits the list of blocks, so that no byte is copied. Parts of
/// an upload that is given up are freed at once; those nobody speaks of again after seven days, as all staged blocks.
public final class Multipart {
    private static final Duration LIFE = Duration.ofHours(24);
    private static final Duration DOWNLOAD_LIFE = Duration.ofMinutes(15);
    private static final int MOST_PARTS = 50_000;
    private static final Pattern UPLOAD = Pattern.compile("[0-9a-f]{32}");
    private final Artifacts artifacts;
    private final BlockBlobs blocks;
    private final Sas sas;
    private final Ids ids;

    Multipart(Artifacts artifacts, BlockBlobs blocks, Sas sas, Ids ids) {
        this.artifacts = artifacts;
        this.blocks = blocks;
        this.sas = sas;
        this.ids = ids;
    }

    /// @param urls where each part is put, in order; good for a day
    public record Started(String uploadId, List<String> urls) {}

    /// @param url good for a quarter of an hour; takes ranges
    public record Download(String url, long bytes) {}

    /// @param baseUrl of the server, as the client reaches it
    /// @param folder proxy path, e.g. `0/{run}/artifacts/model`
    /// @param file the file's path on the client's side; its last part is its name here
    public Started start(Workspace workspace, String baseUrl, String folder, String file, long parts) {
        if (parts < 1 || parts > MOST_PARTS) {
            throw MlflowRequest.invalid("Invalid value " + parts
                    + " for parameter 'num_parts' supplied. It must be from" + " 1 to " + MOST_PARTS + ".");
        }
        BlobPath path = artifacts.fileToWrite(workspace, target(folder, file));
        String upload = ids.hex();
        String address = sas.blobUrl(baseUrl, path, "w", LIFE);
        return new Started(
                upload,
                IntStream.rangeClosed(1, (int) parts)
                        .mapToObj(part -> address + "&comp=block&blockid=" + encode(block(upload, part)))
                        .toList());
    }

    /// Makes the file of the parts that are there; asked again it does so again.
    public void complete(Workspace workspace, String folder, String file, String upload, List<Long> parts) {
        check(upload);
        BlobPath path = artifacts.fileToWrite(workspace, target(folder, file));
        if (parts.isEmpty() || new TreeSet<>(parts).size() != parts.size()) {
            throw MlflowRequest.invalid("Invalid value for parameter 'parts' supplied. Each part is named once.");
        }
        List<BlockRef> list = new ArrayList<>();
        for (long part : parts.stream().sorted().toList()) {
            if (part < 1 || part > MOST_PARTS) {
                throw MlflowRequest.invalid("Invalid value " + part + " for parameter 'part_number' supplied.");
            }
            list.add(new BlockRef(BlockRef.From.LATEST, block(upload, (int) part)));
        }
        try {
            blocks.commit(path, list, Upload.of(null));
        } catch (Problem.Invalid e) {
            throw MlflowRequest.invalid("This upload cannot be completed: not all of its parts are there.");
        }
    }

    /// Frees the parts; fine when there are none.
    public void abort(Workspace workspace, String folder, String file, String upload) {
        check(upload);
        BlobPath path = artifacts.fileToWrite(workspace, target(folder, file));
        blocks.discard(
                path,
                id -> new String(Base64.getDecoder().decode(id), StandardCharsets.US_ASCII).startsWith(upload + "-"));
    }

    /// Where a client reads a file in ranges.
    public Download download(Workspace workspace, String baseUrl, String path) {
        Blob blob = artifacts.find(workspace, path);
        return new Download(sas.blobUrl(baseUrl, blob.path(), "r", DOWNLOAD_LIFE), blob.size());
    }

    /// Clients send the path on their own disk, also that of another system.
    private static String target(String folder, String file) {
        String name = file.substring(Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\')) + 1);
        if (name.isEmpty() || name.equals(".")) {
            throw MlflowRequest.invalid("Invalid path");
        }
        return folder + "/" + name;
    }

    private static void check(String upload) {
        if (!UPLOAD.matcher(upload).matches()) {
            throw MlflowRequest.invalid("Invalid value for parameter 'upload_id' supplied.");
        }
    }

    private static String block(String upload, int part) {
        String id = String.format("%s-%05d", upload, part);
        return Base64.getEncoder().encodeToString(id.getBytes(StandardCharsets.US_ASCII));
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
