package atelier.storage.http;

import atelier.kernel.Problem;
import atelier.storage.BlockRef;
import atelier.storage.access.HttpDates;
import atelier.web.Exchange;
import atelier.web.Response;
import atelier.web.dialects.StorageProblems;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/// The service's XML: a small writer, and the one document it reads.
final class Xml {
    private final StringBuilder text = new StringBuilder();

    Xml open(String element) {
        text.append('<').append(element).append('>');
        return this;
    }

    Xml close(String element) {
        text.append("</").append(element).append('>');
        return this;
    }

    Xml raw(String xml) {
        text.append(xml);
        return this;
    }

    Xml element(String name, String value) {
        if (value.isEmpty()) {
            text.append('<').append(name).append(" />");
            return this;
        }
        return open(name).raw(escape(value)).close(name);
    }

    /// A name; those with characters XML cannot carry are percent-encoded and say so.
    Xml name(String name) {
        return isText(name)
                ? element("Name", name)
                : open("Name Encoded=\"true\"").raw(escape(encode(name))).close("Name");
    }

    Xml state(String etag, Instant modifiedAt) {
        // ETags have no quotes in listings.
        return element("Last-Modified", HttpDates.format(modifiedAt)).element("Etag", etag.replace("\"", ""));
    }

    Xml metadata(Map<String, String> metadata) {
        open("Metadata");
        new TreeMap<>(metadata).forEach(this::element);
        return close("Metadata");
    }

    static String escape(String value) {
        return StorageProblems.escape(value);
    }

    static Response answer(Exchange exchange, Xml xml) {
        byte[] bytes = ("<?xml version=\"1.0\" encoding=\"utf-8\"?>" + xml.text).getBytes(StandardCharsets.UTF_8);
        return Headers.version(Response.bytes(200, "application/xml", bytes), exchange);
    }

    static boolean isText(String name) {
        return name.codePoints()
                .allMatch(c -> c == '\t' || c == '\n' || c == '\r' || c >= 0x20 && c != 0xFFFE && c != 0xFFFF);
    }

    private static String encode(String name) {
        return java.net.URLEncoder.encode(name, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("%2F", "/");
    }

    /// `<BlockList><Latest>id</Latest>…`: the order of the elements is the order of the bytes.
    static List<BlockRef> blockList(byte[] body) {
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        List<BlockRef> list = new ArrayList<>();
        try {
            XMLStreamReader reader = factory.createXMLStreamReader(new ByteArrayInputStream(body));
            while (reader.hasNext()) {
                if (reader.next() == XMLStreamConstants.START_ELEMENT
                        && !reader.getLocalName().equals("BlockList")) {
                    BlockRef.From from = switch (reader.getLocalName()) {
                        case "Committed" -> BlockRef.From.COMMITTED;
                        case "Uncommitted" -> BlockRef.From.UNCOMMITTED;
                        case "Latest" -> BlockRef.From.LATEST;
                        default -> throw invalid();
                    };
                    list.add(new BlockRef(from, reader.getElementText().strip()));
                }
            }
        } catch (XMLStreamException e) {
            throw invalid();
        }
        return list;
    }

    private static Problem invalid() {
        return new Problem.Invalid(
                "InvalidXmlDocument",
                "The body must be <BlockList> with <Latest>, <Committed> or <Uncommitted>.",
                null);
    }
}
