package atelier.cli.commands;

import atelier.cli.Session;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/// A noun of the command line, such as `job`, and its verbs. Built by hand rather than from annotations: reading those
/// of a hundred verbs costs more time than a request.
final class Noun {
    /// What a verb does with the words it was given.
    @FunctionalInterface
    interface Handler {
        Result run(Call call);
    }

    private record Verb(String name, String description, Consumer<Words> words, Handler handler) {}

    private final String name;
    private final String description;
    private final List<Verb> verbs = new ArrayList<>();

    private Noun(String name, String description) {
        this.name = name;
        this.description = description;
    }

    static Noun of(String name, String description) {
        return new Noun(name, description);
    }

    /// `words` says which options the verb has; `handler` does it.
    Noun verb(String verb, String says, Consumer<Words> words, Handler handler) {
        verbs.add(new Verb(verb, says, words, handler));
        return this;
    }

    /// `validate -f FILE`: every mistake of a file, without making anything; exit code 1 when there is one.
    Noun validated(String kind) {
        return verb(
                "validate",
                "Check a YAML file: every mistake with its line, nothing is made.",
                words -> words.required("--file -f", "the YAML file").changes(),
                call -> call.validate(kind));
    }

    /// The noun for picocli, its verbs working in `session`.
    CommandSpec spec(Session session) {
        CommandSpec noun = CommandSpec.create().name(name);
        noun.usageMessage().description(description).synopsisSubcommandLabel("VERB");
        for (Verb verb : verbs) {
            Running running = new Running(session, verb.handler());
            CommandSpec spec = CommandSpec.wrapWithoutInspection(running).name(verb.name());
            spec.usageMessage().description(verb.description());
            Words words = new Words(spec);
            verb.words().accept(words);
            words.common();
            running.words = words;
            noun.addSubcommand(verb.name(), spec);
        }
        return noun;
    }

    /// One verb as picocli runs it, after the words are read.
    private static final class Running implements Callable<Integer> {
        private final Session session;
        private final Handler handler;
        private @Nullable Words words;

        Running(Session session, Handler handler) {
            this.session = session;
            this.handler = handler;
        }

        @Override
        public Integer call() {
            Words given = Objects.requireNonNull(words);
            return handler.run(new Call(session, given)).print(session, given.form(session), given.value("--query"));
        }
    }
}
