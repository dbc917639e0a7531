package atelier.sweeps;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleSupplier;
import org.hipparchus.distribution.continuous.NormalDistribution;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.DoubleNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.LongNode;
import tools.jackson.databind.node.ObjectNode;

/// What values a hyperparameter may have (CLI (v2) sweep job YAML schema, "Parameter expressions").
///
/// A sample is made of numbers of [0, 1), one for each of [#coordinates()]; members of the alternatives that a
/// [Choice] did not take have numbers too, so that a place always means the same parameter.
public sealed interface Distribution {
    /// How many numbers a sample takes.
    int coordinates();

    /// The value that these numbers mean; takes [#coordinates()] of them.
    JsonNode at(DoubleSupplier numbers);

    /// How many different values there are; [Long#MAX_VALUE] for no end.
    long size();

    /// The value of that number, below [#size()]; the last of nested parts changes fastest.
    JsonNode number(long index);

    /// Adds the value's place in the unit cube, for models of the metric: numbers by rank, words one of n.
    ///
    /// @param value null for a member of an alternative that was not taken: the middle
    void encode(@Nullable JsonNode value, List<Double> into);

    /// One value.
    record Fixed(JsonNode value) implements Distribution {
        @Override
        public int coordinates() {
            return 0;
        }

        @Override
        public JsonNode at(DoubleSupplier numbers) {
            return value;
        }

        @Override
        public long size() {
            return 1;
        }

        @Override
        public JsonNode number(long index) {
            return value;
        }

        @Override
        public void encode(@Nullable JsonNode given, List<Double> into) {
            // It tells nothing.
        }
    }

    /// `choice`: one of several values; an alternative with members of its own (a dictionary) makes them conditional.
    ///
    /// @param options values as [Fixed], dictionaries as [Group]
    record Choice(List<Distribution> options) implements Distribution {
        public Choice {
            options = List.copyOf(options);
        }

        @Override
        public int coordinates() {
            return 1 + options.stream().mapToInt(Distribution::coordinates).sum();
        }

        @Override
        public JsonNode at(DoubleSupplier numbers) {
            int taken = Math.min((int) (numbers.getAsDouble() * options.size()), options.size() - 1);
            List<JsonNode> all =
                    options.stream().map(option -> option.at(numbers)).toList();
            return all.get(taken);
        }

        @Override
        public long size() {
            long size = 0;
            for (Distribution option : options) {
                size = plus(size, option.size());
            }
            return size;
        }

        @Override
        public JsonNode number(long index) {
            long left = index;
            for (Distribution option : options) {
                if (left < option.size()) {
                    return option.number(left);
                }
                left -= option.size();
            }
            throw new IndexOutOfBoundsException("No value " + index);
        }

        @Override
        public void encode(@Nullable JsonNode value, List<Double> into) {
            int taken = -1;
            for (int i = 0; i < options.size(); i++) {
                if (value != null && holds(options.get(i), value)) {
                    taken = i;
                    break;
                }
            }
            List<Double> ranks = ranks();
            if (!ranks.isEmpty()) {
                into.add(taken < 0 ? 0.5 : ranks.get(taken));
            } else if (options.size() > 1) {
                for (int i = 0; i < options.size(); i++) {
                    into.add(taken < 0 ? 0.5 : i == taken ? 1.0 : 0.0);
                }
            }
            for (int i = 0; i < options.size(); i++) {
                options.get(i).encode(i == taken ? value : null, into);
            }
        }

        private static boolean holds(Distribution option, JsonNode value) {
            return switch (option) {
                case Fixed(JsonNode fixed) ->
                    fixed.isNumber() && value.isNumber() ? fixed.asDouble() == value.asDouble() : fixed.equals(value);
                case Group(Map<String, Distribution> members) ->
                    value.isObject()
                            && members.keySet().equals(new java.util.LinkedHashSet<>(value.propertyNames()))
                            && members.entrySet().stream()
                                    .filter(member -> member.getValue() instanceof Fixed)
                                    .allMatch(member -> holds(member.getValue(), value.path(member.getKey())));
                case Choice _, Number _, RandInt _ -> false;
            };
        }

        /// Place of each option when all are different numbers: their order counts, not their distance.
        private List<Double> ranks() {
            List<Double> numbers = new ArrayList<>();
            for (Distribution option : options) {
                if (!(option instanceof Fixed(JsonNode value)) || !value.isNumber()) {
                    return List.of();
                }
                numbers.add(value.asDouble());
            }
            List<Double> sorted = numbers.stream().distinct().sorted().toList();
            return numbers.stream()
                    .map(number -> (sorted.indexOf(number) + 0.5) / sorted.size())
                    .toList();
        }
    }

    /// An alternative of a [Choice] with members.
    record Group(Map<String, Distribution> members) implements Distribution {
        public Group {
            members = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(members));
        }

        @Override
        public int coordinates() {
            return members.values().stream().mapToInt(Distribution::coordinates).sum();
        }

        @Override
        public ObjectNode at(DoubleSupplier numbers) {
            ObjectNode value = JsonNodeFactory.instance.objectNode();
            members.forEach((name, member) -> value.set(name, member.at(numbers)));
            return value;
        }

        @Override
        public long size() {
            long size = 1;
            for (Distribution member : members.values()) {
                size = times(size, member.size());
            }
            return size;
        }

        @Override
        public ObjectNode number(long index) {
            List<Map.Entry<String, Distribution>> all = List.copyOf(members.entrySet());
            Map<String, JsonNode> values = new LinkedHashMap<>();
            long left = index;
            for (Map.Entry<String, Distribution> member : all.reversed()) {
                long size = member.getValue().size();
                values.put(member.getKey(), member.getValue().number(left % size));
                left /= size;
            }
            ObjectNode value = JsonNodeFactory.instance.objectNode();
            all.forEach(member -> value.set(member.getKey(), values.get(member.getKey())));
            return value;
        }

        @Override
        public void encode(@Nullable JsonNode value, List<Double> into) {
            members.forEach((name, member) -> member.encode(value == null ? null : value.get(name), into));
        }
    }

    /// `randint(upper)`: a whole number of [0, upper).
    record RandInt(long upper) implements Distribution {
        @Override
        public int coordinates() {
            return 1;
        }

        @Override
        public JsonNode at(DoubleSupplier numbers) {
            return LongNode.valueOf(Math.min((long) (numbers.getAsDouble() * upper), upper - 1));
        }

        @Override
        public long size() {
            return upper;
        }

        @Override
        public JsonNode number(long index) {
            return LongNode.valueOf(index);
        }

        @Override
        public void encode(@Nullable JsonNode value, List<Double> into) {
            into.add(value == null ? 0.5 : (value.asDouble() + 0.5) / upper);
        }
    }

    /// The families of numbers: `uniform(a, b)` and `normal(a, b)`; with `log` the power of the base by such a number;
    /// with `q` rounded to a multiple of it.
    ///
    /// @param b largest value, or standard deviation
    /// @param q 0 for none
    /// @param base of the powers, Euler's number unless the sampling says otherwise
    record Number(boolean normal, boolean log, double a, double b, double q, double base) implements Distribution {
        @Override
        public int coordinates() {
            return 1;
        }

        @Override
        public JsonNode at(DoubleSupplier numbers) {
            double u = numbers.getAsDouble();
            double x = normal
                    ? new NormalDistribution(a, b).inverseCumulativeProbability(Math.max(u, 0x1p-53))
                    : a + u * (b - a);
            double value = log ? power(x) : x;
            if (q == 0) {
                return DoubleNode.valueOf(value);
            }
            double multiple = Math.rint(value / q) * q;
            boolean whole = q == Math.rint(q) && Math.abs(multiple) < 1L << 53;
            return whole ? LongNode.valueOf((long) multiple) : DoubleNode.valueOf(tidy(multiple));
        }

        private double power(double x) {
            return base == Math.E ? Math.exp(x) : Math.pow(base, x);
        }

        /// 3 * 0.1 is meant to be 0.3.
        private static double tidy(double value) {
            return new java.math.BigDecimal(value)
                    .round(new java.math.MathContext(12))
                    .doubleValue();
        }

        @Override
        public long size() {
            return Long.MAX_VALUE;
        }

        @Override
        public JsonNode number(long index) {
            throw new UnsupportedOperationException("These values cannot be counted");
        }

        @Override
        public void encode(@Nullable JsonNode value, List<Double> into) {
            if (value == null) {
                into.add(0.5);
                return;
            }
            double x = value.asDouble();
            if (log) {
                // A power that was rounded down to 0 has no logarithm; it was at most half a q.
                x = Math.log(Math.max(x, q == 0 ? Double.MIN_NORMAL : q / 2)) / Math.log(base);
            }
            double place =
                    normal ? new NormalDistribution(a, b).cumulativeProbability(x) : b == a ? 0.5 : (x - a) / (b - a);
            into.add(Math.clamp(place, 0.0, 1.0));
        }
    }

    private static long plus(long a, long b) {
        return a > Long.MAX_VALUE - b ? Long.MAX_VALUE : a + b;
    }

    private static long times(long a, long b) {
        return a != 0 && b > Long.MAX_VALUE / a ? Long.MAX_VALUE : a * b;
    }
}
