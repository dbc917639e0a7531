package atelier.compute.http;

import atelier.compute.Compute;
import atelier.compute.Computes;
import atelier.compute.Slots;
import atelier.compute.VmSize;
import atelier.kernel.Json;
import atelier.web.Exchange;
import atelier.web.Response;
import atelier.web.Routes;
import atelier.web.dialects.ArmProblems;
import atelier.workspace.Arm;
import atelier.workspace.Workspace;
import atelier.workspace.Workspaces;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Sizes, usages and quotas of a location. The capacity is that of this machine: as many jobs run at the same time as
/// it
/// has slots.
public final class CapacityRoutes {
    private static final String PROVIDER = "/subscriptions/{subscription}/providers/Microsoft.MachineLearningServices";
    private static final String LOCATION = PROVIDER + "/locations/{location}";
    private final Computes computes;
    private final Workspaces workspaces;
    private final Slots slots;

    public CapacityRoutes(Computes computes, Workspaces workspaces, Slots slots) {
        this.computes = computes;
        this.workspaces = workspaces;
        this.slots = slots;
    }

    public Routes routes() {
        return new Routes(ArmProblems.INSTANCE)
                .get(LOCATION + "/vmSizes", this::sizes)
                .get(LOCATION + "/usages", this::usages)
                .get(LOCATION + "/quotas", this::quotas);
    }

    private Response sizes(Exchange exchange) {
        ArrayNode value = Json.array();
        value.add(size(new VmSize(VmSize.LOCAL, "localFamily", slots.total(), 0, memory(), 0)));
        VmSize.known().forEach(size -> value.add(size(size)));
        return Response.ok(Json.object().set("value", value));
    }

    private static double memory() {
        return Runtime.getRuntime().maxMemory() >> 30;
    }

    private static ObjectNode size(VmSize size) {
        ObjectNode resource = Json.object()
                .put("name", size.name())
                .put("family", size.family())
                .put("vCPUs", size.processors())
                .put("gpus", size.gpus())
                .put("osVhdSizeMB", 1_047_552)
                .put("maxResourceVolumeMB", size.diskMb())
                .put("memoryGB", size.memoryGb())
                .put("lowPriorityCapable", !size.name().equals(VmSize.LOCAL))
                .put("premiumIO", size.name().toLowerCase(Locale.ROOT).contains("s_v"));
        resource.set("supportedComputeTypes", Json.array().add("AmlCompute").add("ComputeInstance"));
        return resource;
    }

    private Response usages(Exchange exchange) {
        String base = "/subscriptions/" + exchange.path("subscription")
                + "/providers/Microsoft.MachineLearningServices/locations/" + exchange.path("location") + "/usages/";
        List<ObjectNode> all = new ArrayList<>();
        all.add(usage(
                exchange,
                base + "totalDedicatedVCPUs",
                "Total Cluster Dedicated Regional vCPUs",
                slots.used(),
                slots.total()));
        for (Workspace workspace : workspaces.list()) {
            if (workspace.subscriptionId().equalsIgnoreCase(exchange.path("subscription"))
                    && workspace.location().equalsIgnoreCase(exchange.path("location"))) {
                int clusters = (int) computes.list(workspace).stream()
                        .map(Compute::type)
                        .filter("AmlCompute"::equals)
                        .count();
                all.add(usage(
                        exchange,
                        workspace.armId() + "/usages/clusters",
                        "Clusters of workspace " + workspace.name(),
                        clusters,
                        -1));
            }
        }
        return Response.ok(Arm.list(all, null));
    }

    private static ObjectNode usage(Exchange exchange, String id, String name, int now, int limit) {
        ObjectNode usage = Json.object()
                .put("id", id)
                .put("amlWorkspaceLocation", exchange.path("location"))
                .put("type", "Microsoft.MachineLearningServices/usages")
                .put("unit", "Count")
                .put("currentValue", now)
                .put("limit", limit);
        usage.set("name", Json.object().put("value", name).put("localizedValue", name));
        return usage;
    }

    private Response quotas(Exchange exchange) {
        String name = "Total Cluster Dedicated Regional vCPUs";
        ObjectNode quota = Json.object()
                .put(
                        "id",
                        "/subscriptions/" + exchange.path("subscription")
                                + "/providers/Microsoft.MachineLearningServices/locations/" + exchange.path("location")
                                + "/quotas/totalDedicatedVCPUs")
                .put("amlWorkspaceLocation", exchange.path("location"))
                .put("type", "Microsoft.MachineLearningServices/quotas")
                .put("unit", "Count")
                .put("limit", slots.total());
        quota.set("name", Json.object().put("value", name).put("localizedValue", name));
        return Response.ok(Arm.list(List.of(quota), null));
    }
}
