package atelier.storage.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ContainerRoutesTest extends RouteFixture {
    private static final Pattern NAME = Pattern.compile("<Name>([^<]*)</Name>");
    private static final Pattern NEXT = Pattern.compile("<NextMarker>([^<]*)</NextMarker>");

    private static List<String> names(String xml) {
        List<String> names = new ArrayList<>();
        Matcher matcher = NAME.matcher(xml);
        while (matcher.find()) {
            names.add(matcher.group(1));
        }
        return names;
    }

    private List<List<String>> pages(String query) {
        List<List<String>> pages = new ArrayList<>();
        String marker = "";
        while (true) {
            String xml =
                    get(LAB + "?restype=container&comp=list" + query + marker).body();
            pages.add(names(xml));
            Matcher next = NEXT.matcher(xml);
            if (!next.find()) {
                return pages;
            }
            marker = "&marker=" + next.group(1);
        }
    }

    @Test
    void aContainerIsMadeDescribedListedAndDeleted() {
        String address = "/atelier.blob.localhost/second";
        HttpResponse<String> made = send("PUT", address + "?restype=container", "", "x-ms-meta-owner", "me");
        assertThat(made.statusCode()).isEqualTo(201);
        assertError(send("PUT", address + "?restype=container", ""), 409, "ContainerAlreadyExists");
        assertThat(header(get(address + "?restype=container"), "x-ms-meta-owner"))
                .isEqualTo("me");
        send("PUT", address + "?restype=container&comp=metadata", "", "x-ms-meta-owner", "you");
        assertThat(header(send("HEAD", address + "/?restype=container", ""), "x-ms-meta-owner"))
                .isEqualTo("you");
        assertThat(names(get("/atelier.blob.localhost/?comp=list").body())).containsExactly("lab", "second");
        assertThat(names(get("/blob/atelier?comp=list&prefix=s").body())).containsExactly("second");
        assertThat(send("DELETE", address + "?restype=container", "").statusCode())
                .isEqualTo(202);
        assertError(get(address + "?restype=container"), 404, "ContainerNotFound");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ab", "Upper", "two--dashes", "-first", "..", "under_score"})
    void aBadContainerNameIsRefused(String name) {
        assertError(
                send("PUT", "/atelier.blob.localhost/" + name + "?restype=container", ""), 400, "InvalidResourceName");
    }

    @Test
    void publicAccessIsOff() {
        assertError(
                send("PUT", "/atelier.blob.localhost/open?restype=container", "", "x-ms-blob-public-access", "blob"),
                409,
                "PublicAccessNotPermitted");
    }

    @Test
    void theAccountIsListedAsOneContainerForReadersThatTakeItForOne() {
        for (String name : List.of("a/1.csv", "a/b/2.csv", "c")) {
            put(name, "x");
        }
        String list = "/atelier.blob.localhost?restype=container&comp=list&prefix=";
        assertThat(names(get(list + "lab%2Fa%2F").body())).containsExactly("lab/a/1.csv", "lab/a/b/2.csv");
        assertThat(names(get(list + "lab%2Fa%2F&delimiter=%2F").body())).containsExactly("lab/a/1.csv", "lab/a/b/");
        assertError(get(list + "none%2Fa"), 404, "ContainerNotFound");
        assertThat(names(get(list + "lab").body())).containsExactly("lab");
    }

    @Test
    void aListingHasPagesPrefixesAndFolders() {
        for (String name : List.of("a/1", "a/2", "b", "c/1", "d")) {
            put(name, "x");
        }
        assertThat(pages("&maxresults=2")).isEqualTo(List.of(List.of("a/1", "a/2"), List.of("b", "c/1"), List.of("d")));
        assertThat(pages("&delimiter=%2F&maxresults=2")).isEqualTo(List.of(List.of("a/", "b"), List.of("c/", "d")));
        assertThat(pages("&prefix=a%2F")).isEqualTo(List.of(List.of("a/1", "a/2")));
        assertThat(pages("&prefix=nothing")).isEqualTo(List.of(List.of()));
        assertError(get(LAB + "?restype=container&comp=list&maxresults=0"), 400, "OutOfRangeQueryParameterValue");
    }

    @Test
    void aListedBlobHasItsPropertiesAndOnRequestItsMetadata() {
        send("PUT", LAB + "/m", "abc", "x-ms-blob-type", "BlockBlob", "x-ms-meta-k", "<v>", "Content-Type", "text/csv");
        String xml = get(LAB + "?restype=container&comp=list&include=metadata").body();
        assertThat(xml)
                .contains("<Content-Length>3</Content-Length>", "<Content-Type>text/csv</Content-Type>")
                .contains("<Metadata><k>&lt;v&gt;</k></Metadata>", "<BlobType>BlockBlob</BlobType>")
                .containsPattern("<Etag>0x[0-9A-F]+</Etag>")
                .contains("<NextMarker />");
        assertThat(get(LAB + "?restype=container&comp=list").body()).doesNotContain("Metadata");
    }

    @Test
    void namesXmlCannotCarryAreEncodedAndSaySo() {
        put("bad%01name", "x");
        put("a%3Cb%26c", "x");
        assertThat(get(LAB + "?restype=container&comp=list").body())
                .contains("<Name Encoded=\"true\">bad%01name</Name>", "<Name>a&lt;b&amp;c</Name>");
    }

    @Test
    void theAccountDescribesItself() {
        assertThat(header(get("/atelier.blob.localhost/?restype=account&comp=properties"), "x-ms-account-kind"))
                .isEqualTo("StorageV2");
        assertThat(get("/atelier.blob.localhost?restype=service&comp=properties")
                        .body())
                .contains("<StorageServiceProperties>");
    }
}
