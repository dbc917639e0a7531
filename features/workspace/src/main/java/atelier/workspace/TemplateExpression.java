package atelier.workspace;

import atelier.kernel.Problem;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.LongNode;
import tools.jackson.databind.node.StringNode;

/// An expression of an ARM template, parsed: literals, calls and members of what a call answers.
sealed interface TemplateExpression {
    /// `'text'` or a whole number.
    record Literal(JsonNode value) implements TemplateExpression {}

    /// `function(argument, …)`.
    record Call(String function, List<TemplateExpression> arguments) implements TemplateExpression {
        public Call {
            arguments = List.copyOf(arguments);
        }
    }

    /// `expression.name`.
    record Member(TemplateExpression of, String name) implements TemplateExpression {}

    /// @param text what stands between the brackets
    /// @throws Problem.Invalid `InvalidTemplate` with the place
    static TemplateExpression parse(String text) {
        Parser parser = new Parser(text);
        TemplateExpression parsed = parser.expression(0);
        parser.end();
        return parsed;
    }

    /// Recursive descent over one expression.
    final class Parser {
        private static final int DEEPEST = 32;
        private final String text;
        private int at;

        private Parser(String text) {
            this.text = text;
        }

        private TemplateExpression expression(int depth) {
            if (depth > DEEPEST) {
                throw wrong("it is nested too deeply");
            }
            space();
            char next = peek();
            TemplateExpression parsed;
            if (next == '\'') {
                parsed = new Literal(StringNode.valueOf(quoted()));
            } else if (Character.isDigit(next)) {
                int from = at;
                while (Character.isDigit(peek()) && at - from < 18) {
                    at++;
                }
                parsed = new Literal(LongNode.valueOf(Long.parseLong(text.substring(from, at))));
            } else {
                parsed = call(depth);
            }
            while (peek() == '.') {
                at++;
                parsed = new Member(parsed, word());
            }
            space();
            return parsed;
        }

        private TemplateExpression call(int depth) {
            String function = word();
            space();
            take('(');
            List<TemplateExpression> arguments = new ArrayList<>();
            space();
            while (peek() != ')') {
                arguments.add(expression(depth + 1));
                if (peek() == ',') {
                    at++;
                } else if (peek() != ')') {
                    throw wrong("a ',' or ')' is missing");
                }
            }
            take(')');
            return new Call(function, arguments);
        }

        private String quoted() {
            StringBuilder value = new StringBuilder();
            at++;
            while (true) {
                char next = peek();
                if (next == 0) {
                    throw wrong("a quote is not closed");
                }
                at++;
                if (next == '\'') {
                    if (peek() != '\'') {
                        return value.toString();
                    }
                    at++;
                }
                value.append(next);
            }
        }

        private String word() {
            int from = at;
            while (Character.isLetterOrDigit(peek()) || peek() == '_') {
                at++;
            }
            if (from == at) {
                throw wrong("a function's name is missing");
            }
            return text.substring(from, at);
        }

        private void take(char wanted) {
            if (peek() != wanted) {
                throw wrong("a '" + wanted + "' is missing");
            }
            at++;
        }

        private void space() {
            while (peek() == ' ') {
                at++;
            }
        }

        private void end() {
            if (at != text.length()) {
                throw wrong("something follows its end");
            }
        }

        private char peek() {
            return at < text.length() ? text.charAt(at) : 0;
        }

        private Problem wrong(String why) {
            return new Problem.Invalid(
                    "InvalidTemplate",
                    "The template expression '"
                            + (text.length() <= 120 ? text : text.substring(0, 117) + "...") + "' cannot be read: "
                            + why
                            + " at character " + (at + 1) + ".",
                    "properties.template");
        }
    }
}
