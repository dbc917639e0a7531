package atelier.sweeps;

import atelier.jobs.Expressions;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Hyperparameters as text: what a command, an environment variable and a run's parameters get.
public final class Values {
    private Values() {}

    /// Text as it is, truth values and numbers as Python writes them, dictionaries as JSON. A script that logs the
    /// value
    /// it was given then logs the same text.
    public static String text(JsonNode value) {
        if (value.isContainer()) {
            return value.toString();
        }
        return value.isFloatingPointNumber() ? python(value.asDouble()) : Expressions.literal(value);
    }

    /// `repr` of a Python float: the shortest digits that give the number again, an exponent below 1e-4 and from 1e16.
    static String python(double value) {
        if (!Double.isFinite(value)) {
            return Double.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
        }
        if (value == 0) {
            return 1 / value < 0 ? "-0.0" : "0.0";
        }
        BigDecimal digits = new BigDecimal(Double.toString(value)).stripTrailingZeros();
        int exponent = digits.precision() - digits.scale() - 1;
        if (exponent >= -4 && exponent < 16) {
            String plain = digits.toPlainString();
            return plain.contains(".") ? plain : plain + ".0";
        }
        String unscaled = digits.unscaledValue().abs().toString();
        String mantissa = unscaled.length() == 1 ? unscaled : unscaled.charAt(0) + "." + unscaled.substring(1);
        int size = Math.abs(exponent);
        return (value < 0 ? "-" : "") + mantissa + "e" + (exponent < 0 ? "-" : "+") + (size < 10 ? "0" : "") + size;
    }

    /// All values by name; members of a dictionary also as `name.member`.
    public static Map<String, String> flat(ObjectNode parameters) {
        Map<String, String> flat = new LinkedHashMap<>();
        parameters.properties().forEach(field -> add(field.getKey(), field.getValue(), flat));
        return flat;
    }

    private static void add(String name, JsonNode value, Map<String, String> flat) {
        flat.put(name, text(value));
        if (value.isObject()) {
            value.properties().forEach(member -> add(name + "." + member.getKey(), member.getValue(), flat));
        }
    }
}
