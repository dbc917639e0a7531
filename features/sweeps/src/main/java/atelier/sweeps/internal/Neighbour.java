package atelier.sweeps.internal;

import atelier.sweeps.Distribution;
import atelier.sweeps.Distribution.Choice;
import atelier.sweeps.Distribution.Fixed;
import atelier.sweeps.Distribution.Group;
import atelier.sweeps.Distribution.RandInt;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// A combination near another: numbers are moved by a normally distributed step, some choices are taken anew.
///
/// @param step standard deviation in the unit cube
/// @param coordinates of the whole space: about one choice of them is taken anew
record Neighbour(SplittableRandom random, double step, int coordinates) {
    ObjectNode of(Group space, ObjectNode parent) {
        ObjectNode near = JsonNodeFactory.instance.objectNode();
        for (Map.Entry<String, Distribution> member : space.members().entrySet()) {
            JsonNode value = parent.get(member.getKey());
            near.set(
                    member.getKey(),
                    value == null ? member.getValue().at(random::nextDouble) : of(member.getValue(), value));
        }
        return near;
    }

    private JsonNode of(Distribution distribution, JsonNode value) {
        return switch (distribution) {
            case Fixed(JsonNode fixed) -> fixed;
            case Group group -> value instanceof ObjectNode parent ? of(group, parent) : group.at(random::nextDouble);
            case Choice choice -> near(choice, value);
            case Distribution.Number _, RandInt _ -> {
                List<Double> place = new ArrayList<>();
                distribution.encode(value, place);
                double moved = place.getFirst() + step * random.nextGaussian();
                yield distribution.at(() -> Math.clamp(moved, 0, Math.nextDown(1.0)));
            }
        };
    }

    private JsonNode near(Choice choice, JsonNode value) {
        if (random.nextInt(Math.max(1, coordinates)) == 0) {
            return choice.at(random::nextDouble);
        }
        for (Distribution option : choice.options()) {
            if (option instanceof Group group
                    && value instanceof ObjectNode parent
                    && group.members().keySet().equals(new java.util.LinkedHashSet<>(parent.propertyNames()))) {
                return of(group, parent);
            }
        }
        return value;
    }
}
