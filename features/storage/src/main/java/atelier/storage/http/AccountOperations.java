package atelier.storage.http;

import atelier.storage.Container;
import atelier.storage.Containers;
import atelier.storage.access.Grant;
import atelier.web.Exchange;
import atelier.web.Response;

/// Operations on the account: its containers and properties.
final class AccountOperations {
    private final Containers containers;

    AccountOperations(Containers containers) {
        this.containers = containers;
    }

    Response serve(Exchange exchange, Grant grant) {
        String comp = exchange.query("comp", "");
        boolean reading = exchange.method().equals("GET") || exchange.method().equals("HEAD");
        if (reading && comp.equals("list")) {
            grant.require(Grant.Level.SERVICE, null, null, "l");
            return list(exchange);
        }
        if (reading && comp.equals("properties")) {
            grant.require(Grant.Level.SERVICE, null, null, "r");
            return Xml.answer(exchange, SERVICE_PROPERTIES);
        }
        throw BlobRoutes.unknown(exchange);
    }

    /// The kind of account; every credential may ask, at any address.
    static Response information(Exchange exchange) {
        return Headers.answer(200, exchange)
                .header("x-ms-sku-name", "Standard_LRS")
                .header("x-ms-account-kind", "StorageV2")
                .header("x-ms-is-hns-enabled", "false");
    }

    private Response list(Exchange exchange) {
        String prefix = exchange.query("prefix", "");
        String marker = exchange.query("marker", "");
        int max = ContainerOperations.maxResults(exchange);
        boolean metadata = exchange.query("include", "").contains("metadata");
        var page = containers.list(prefix, marker, max);
        Xml xml = new Xml().open("EnumerationResults ServiceEndpoint=\"" + Xml.escape(exchange.baseUrl()) + "/\"");
        xml.element("Prefix", prefix).element("Marker", marker).element("MaxResults", Integer.toString(max));
        xml.open("Containers");
        for (Container container : page.items()) {
            xml.open("Container").name(container.name()).open("Properties");
            xml.state(container.etag(), container.modifiedAt());
            xml.element("LeaseStatus", "unlocked").element("LeaseState", "available");
            xml.element("HasImmutabilityPolicy", "false").element("HasLegalHold", "false");
            xml.close("Properties");
            if (metadata) {
                xml.metadata(container.metadata());
            }
            xml.close("Container");
        }
        xml.close("Containers").element("NextMarker", page.next() == null ? "" : page.next());
        return Xml.answer(exchange, xml.close("EnumerationResults"));
    }

    private static final Xml SERVICE_PROPERTIES = new Xml()
            .open("StorageServiceProperties")
            .raw("<Logging><Version>1.0</Version><Delete>false</Delete><Read>false</Read><Write>false</Write>"
                    + "<RetentionPolicy><Enabled>false</Enabled></RetentionPolicy></Logging>")
            .raw("<HourMetrics><Version>1.0</Version><Enabled>false</Enabled>"
                    + "<RetentionPolicy><Enabled>false</Enabled></RetentionPolicy></HourMetrics>")
            .raw("<MinuteMetrics><Version>1.0</Version><Enabled>false</Enabled>"
                    + "<RetentionPolicy><Enabled>false</Enabled></RetentionPolicy></MinuteMetrics>")
            .raw("<Cors/><DeleteRetentionPolicy><Enabled>false</Enabled></DeleteRetentionPolicy>"
                    + "<StaticWebsite><Enabled>false</Enabled></StaticWebsite>")
            .close("StorageServiceProperties");
}
