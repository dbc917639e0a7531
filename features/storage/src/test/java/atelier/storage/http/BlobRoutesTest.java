package atelier.storage.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BlobRoutesTest extends RouteFixture {
    @Test
    void aBlobComesBackWithWhatClientsReadFromItsHeaders() {
        HttpResponse<String> put = send(
                "PUT",
                LAB + "/a.txt",
                "hello",
                "x-ms-blob-type",
                "BlockBlob",
                "Content-Type",
                "text/plain",
                "x-ms-meta-Kind",
                "test",
                "x-ms-version",
                "2027-03-07");
        assertThat(put.statusCode()).isEqualTo(201);
        assertThat(header(put, "x-ms-version")).isEqualTo("2027-03-07");
        assertThat(header(put, "x-ms-request-server-encrypted")).isEqualTo("true");
        assertThat(header(put, "Content-MD5")).isEqualTo("XUFAKrxLKna5cZ2REBfFkg==");
        HttpResponse<String> get = get(LAB + "/a.txt");
        assertThat(get.body()).isEqualTo("hello");
        assertThat(header(get, "ETag")).isEqualTo(header(put, "ETag")).matches("\"0x[0-9A-F]+\"");
        assertThat(header(get, "Last-Modified")).isEqualTo("Fri, 02 Jan 2026 03:04:05 GMT");
        assertThat(header(get, "x-ms-meta-kind")).isEqualTo("test");
        assertThat(header(get, "x-ms-blob-type")).isEqualTo("BlockBlob");
        HttpResponse<String> head = send("HEAD", LAB + "/a.txt", "");
        assertThat(header(head, "Content-Length")).isEqualTo("5");
        assertThat(header(head, "Content-Type")).isEqualTo("text/plain");
    }

    @Test
    void bothFormsOfTheAddressAreOneAccount() {
        put("d/x", "1");
        assertThat(get("/blob/atelier/lab/d/x").body()).isEqualTo("1");
        assertThat(get("/atelier.blob.core.windows.net/lab/d%2Fx").body()).isEqualTo("1");
        assertError(get("/other.blob.localhost/lab/d/x"), 404, "ResourceNotFound");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a%20b%2Bc%2520d",
                "x//y///z",
                "/leading",
                "trailing/",
                "a/../../b/./c",
                "%C3%BCn%C3%AF/%E6%96%87%E4%BB%B6/%F0%9F%98%80",
                "semi;colon=1,comma",
                "%01%1F",
                "q%3Fmark%23hash"
            })
    void namesAreKeptAsTheyAre(String raw) {
        put(raw, raw);
        assertThat(get(LAB + "/" + raw).body()).isEqualTo(raw);
        String name = storage.blobs()
                .list("lab", "", null, 9)
                .items()
                .getFirst()
                .path()
                .name();
        assertThat(name).isEqualTo(atelier.web.Paths.decode(raw));
        assertThat(send("DELETE", LAB + "/" + raw, "").statusCode()).isEqualTo(202);
        assertThat(storage.blobs().list("lab", "", null, 9).items()).isEmpty();
    }

    @Test
    void aNameOf1024CharactersIsTheLongest() {
        put("n".repeat(1024), "1");
        assertError(
                send("PUT", LAB + "/" + "n".repeat(1025), "1", "x-ms-blob-type", "BlockBlob"),
                400,
                "InvalidResourceName");
    }

    @ParameterizedTest
    @CsvSource({
        "bytes=0-0, 0, bytes 0-0/10",
        "bytes=2-4, 234, bytes 2-4/10",
        "bytes=8-, 89, bytes 8-9/10",
        "bytes=8-99, 89, bytes 8-9/10",
        "bytes=-3, 789, bytes 7-9/10"
    })
    void rangesAreInclusive(String range, String body, String contentRange) {
        put("r", "0123456789");
        HttpResponse<String> get = get(LAB + "/r", "Range", range);
        assertThat(get.statusCode()).isEqualTo(206);
        assertThat(get.body()).isEqualTo(body);
        assertThat(header(get, "Content-Range")).isEqualTo(contentRange);
    }

    @Test
    void theServicesOwnRangeHeaderWinsAndMayAskForAnMd5() {
        put("r", "hello world");
        HttpResponse<String> get =
                get(LAB + "/r", "Range", "bytes=6-", "x-ms-range", "bytes=0-4", "x-ms-range-get-content-md5", "true");
        assertThat(get.body()).isEqualTo("hello");
        assertThat(header(get, "Content-MD5")).isEqualTo("XUFAKrxLKna5cZ2REBfFkg==");
        assertThat(header(get, "x-ms-blob-content-md5")).isEqualTo("XrY7u+Ae7tCTyyK7j1rNww==");
    }

    @Test
    void aRangeBehindTheEndIs416() {
        put("r", "0123");
        assertError(get(LAB + "/r", "Range", "bytes=4-"), 416, "InvalidRange");
        put("empty", "");
        assertError(get(LAB + "/empty", "x-ms-range", "bytes=0-99"), 416, "InvalidRange");
        assertThat(get(LAB + "/empty").statusCode()).isEqualTo(200);
        assertThat(get(LAB + "/r", "Range", "lines=1-2").statusCode()).isEqualTo(200);
    }

    @Test
    void readsAndWritesAreConditional() {
        put("c", "1");
        String etag = header(send("HEAD", LAB + "/c", ""), "ETag");
        String then = "Fri, 02 Jan 2026 03:04:05 GMT";
        String before = "Fri, 02 Jan 2026 03:04:04 GMT";
        assertThat(get(LAB + "/c", "If-None-Match", etag).statusCode()).isEqualTo(304);
        assertThat(get(LAB + "/c", "If-Modified-Since", then).statusCode()).isEqualTo(304);
        assertThat(get(LAB + "/c", "If-Modified-Since", before).statusCode()).isEqualTo(200);
        assertThat(get(LAB + "/c", "If-Match", etag.replace("\"", "")).statusCode())
                .isEqualTo(200);
        assertError(get(LAB + "/c", "If-Match", "\"0x0\""), 412, "ConditionNotMet");
        assertError(get(LAB + "/c", "If-Unmodified-Since", before), 412, "ConditionNotMet");
        assertError(
                send("PUT", LAB + "/c", "2", "x-ms-blob-type", "BlockBlob", "If-None-Match", "*"),
                409,
                "BlobAlreadyExists");
        assertError(
                send("PUT", LAB + "/new", "2", "x-ms-blob-type", "BlockBlob", "If-Match", "*"), 412, "ConditionNotMet");
        assertError(send("PUT", LAB + "/c?comp=metadata", "", "If-None-Match", etag), 412, "ConditionNotMet");
        assertError(send("DELETE", LAB + "/c", "", "If-Match", "\"0x0\""), 412, "ConditionNotMet");
        assertThat(send("DELETE", LAB + "/c", "", "If-Match", etag).statusCode())
                .isEqualTo(202);
    }

    @Test
    void aRefusedLargeBodyStillGetsItsAnswer() {
        put("c", "1");
        HttpResponse<String> refused =
                send("PUT", LAB + "/c", "x".repeat(5_000_000), "x-ms-blob-type", "BlockBlob", "If-None-Match", "*");
        assertError(refused, 409, "BlobAlreadyExists");
    }

    @Test
    void blocksAreListedAndCommitted() {
        for (String id : new String[] {"MQ==", "Mg=="}) {
            assertThat(send("PUT", LAB + "/b?comp=block&blockid=" + id.replace("=", "%3D"), "block " + id)
                            .statusCode())
                    .isEqualTo(201);
        }
        assertThat(get(LAB + "/b?comp=blocklist&blocklisttype=all").body())
                .contains("<CommittedBlocks></CommittedBlocks>")
                .contains("<Block><Name>MQ==</Name><Size>10</Size></Block><Block><Name>Mg==</Name>");
        HttpResponse<String> committed = send(
                "PUT",
                LAB + "/b?comp=blocklist",
                "<?xml version=\"1.0\"?><BlockList><Latest>Mg==</Latest><Uncommitted>MQ==</Uncommitted></BlockList>",
                "x-ms-blob-content-type",
                "text/plain");
        assertThat(committed.statusCode()).isEqualTo(201);
        assertThat(get(LAB + "/b").body()).isEqualTo("block Mg==block MQ==");
        assertThat(get(LAB + "/b?comp=blocklist").body()).contains("<CommittedBlocks><Block><Name>Mg==</Name>");
    }

    @ParameterizedTest
    @CsvSource({
        "<BlockList><Latest>MQ==</Latest></BlockList>, InvalidBlockList",
        "<BlockList><Latest>not base64!</Latest></BlockList>, InvalidBlockId",
        "<BlockList><Other>MQ==</Other></BlockList>, InvalidXmlDocument",
        "<BlockList><Latest>, InvalidXmlDocument",
        "<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><BlockList><Latest>&e;</Latest></BlockList>,"
                + " InvalidXmlDocument"
    })
    void aBadBlockListSaysWhatIsWrong(String xml, String code) {
        assertError(send("PUT", LAB + "/b?comp=blocklist", xml), 400, code);
    }

    @Test
    void metadataAndPropertiesAreReplaced() {
        put("p", "1");
        assertThat(send("PUT", LAB + "/p?comp=metadata", "", "x-ms-meta-a", "1").statusCode())
                .isEqualTo(200);
        assertThat(send("PUT", LAB + "/p?comp=properties", "", "x-ms-blob-content-type", "text/csv")
                        .statusCode())
                .isEqualTo(200);
        HttpResponse<String> head = send("HEAD", LAB + "/p", "");
        assertThat(header(head, "x-ms-meta-a")).isEqualTo("1");
        assertThat(header(head, "Content-Type")).isEqualTo("text/csv");
        assertError(send("PUT", LAB + "/p?comp=metadata", "", "x-ms-meta-a-b", "1"), 400, "InvalidMetadata");
        assertError(
                send("PUT", LAB + "/p?comp=metadata", "", "x-ms-meta-a", "x".repeat(9000)), 400, "MetadataTooLarge");
    }

    @Test
    void aCopyIsDoneWhenItAnswers() {
        put("from%20here", "copy me");
        HttpResponse<String> copied = send(
                "PUT",
                LAB + "/to",
                "",
                "x-ms-copy-source",
                server.uri("/blob/atelier/lab/from%20here").toString());
        assertThat(copied.statusCode()).isEqualTo(202);
        assertThat(header(copied, "x-ms-copy-status")).isEqualTo("success");
        assertThat(get(LAB + "/to").body()).isEqualTo("copy me");
        assertError(
                send("PUT", LAB + "/to", "", "x-ms-copy-source", "https://elsewhere.example/blob/atelier/lab/x"),
                501,
                "CannotVerifyCopySource");
    }

    @Test
    void aPageAmongTheBlobsCannotActInTheStudio() {
        put("evil.html", "<script>alert(1)</script>");
        assertThat(header(get(LAB + "/evil.html?rsct=text%2Fhtml"), "Content-Security-Policy"))
                .isEqualTo("sandbox");
    }

    @Test
    void errorsNameWhatIsMissing() {
        assertError(get(LAB + "/nothing"), 404, "BlobNotFound");
        assertError(get("/atelier.blob.localhost/nowhere/a"), 404, "ContainerNotFound");
        assertError(send("HEAD", LAB + "/nothing", ""), 404, "BlobNotFound");
        assertError(send("PUT", LAB + "/a", "1"), 400, "MissingRequiredHeader");
        assertError(send("PUT", LAB + "/a", "1", "x-ms-blob-type", "PageBlob"), 501, "NotImplemented");
        assertError(send("PUT", LAB + "/a?comp=lease", ""), 501, "NotImplemented");
        assertError(
                send("PUT", LAB + "/a", "1", "x-ms-blob-type", "BlockBlob", "x-ms-structured-body", "XSM/1.0"),
                501,
                "UnsupportedHeader");
        assertError(
                send("PUT", LAB + "/a", "1", "x-ms-blob-type", "BlockBlob", "Content-MD5", "AAAAAAAAAAAAAAAAAAAAAA=="),
                400,
                "Md5Mismatch");
        assertError(get(LAB + "/a", "x-ms-version", "latest"), 400, "InvalidHeaderValue");
    }

    @Test
    void anUploadThatBreaksOffLeavesNothing() throws IOException {
        try (Socket socket = new Socket("127.0.0.1", server.uri("/").getPort())) {
            String head = "PUT " + LAB + "/torn HTTP/1.1\r\nHost: localhost\r\nx-ms-blob-type: BlockBlob\r\n"
                    + "Content-Length: 100000\r\n\r\nonly this";
            socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
            socket.shutdownOutput();
            socket.setSoTimeout(20_000);
            // The server answers or closes only after it has given the upload up.
            socket.getInputStream().readAllBytes();
        }
        assertThat(storage.blobs().list("lab", "", null, 9).items()).isEmpty();
        assertThat(files()).isZero();
    }
}
