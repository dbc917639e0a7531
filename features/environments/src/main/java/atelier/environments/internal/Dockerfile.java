package atelier.environments.internal;

import atelier.kernel.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a Dockerfile asks for, as far as it can be had without a container engine: the image it begins with, and the
/// packages that its `RUN` lines install with pip and conda. Packages of the system are left out with a note; a line
/// that does anything else cannot be honoured, and its file is refused with that line.
///
/// @param image of the last stage
/// @param python wanted version, or empty
/// @param requirements pip requirement lines
/// @param notes what is left out
record Dockerfile(String image, String python, List<String> requirements, List<String> notes) {
    /// Lines that change the image but not what a Python interpreter finds.
    private static final Pattern HARMLESS =
            Pattern.compile("(?:(?:sudo\\s+)?(?:apt-get|apt|yum|apk|dpkg|ldconfig|rm|mkdir|"
                    + "chmod|chown|echo|set|export|cd|ln|useradd|groupadd|adduser|locale-gen|update-ca-certificates|true|test|"
                    + "touch|cat|ls|conda\\s+(?:clean|init|config|activate|update\\s+(?:-\\S+\\s+)*conda)|mamba\\s+clean|"
                    + "pip3?\\s+(?:cache|config|check|list|freeze|--version)|python3?\\s+--version)\\b.*)?");
    private static final Pattern PIP = Pattern.compile(
            "(?:sudo\\s+)?(?:\\S*/)?(?:python[\\d.]*\\s+-m\\s+)?(?:uv\\s+)?pip[\\d.]*\\s+install\\s+(.*)");
    private static final Pattern CONDA_ENV =
            Pattern.compile("(?:\\S*/)?(?:conda|mamba|micromamba)\\s+env\\s+(?:create|update)\\s+(.*)");
    private static final Pattern CONDA = Pattern.compile("(?:\\S*/)?(?:conda|mamba|micromamba)\\s+install\\s+(.*)");
    private static final Pattern CONDA_RUN =
            Pattern.compile("(?:conda|mamba)\\s+run\\s+(?:-n\\s+\\S+\\s+|--no-capture-output\\s+)*(.*)");
    private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|'([^']*)'|(\\S+)");
    private static final List<String> WITH_VALUE = List.of(
            "-i",
            "--index-url",
            "--extra-index-url",
            "-f",
            "--find-links",
            "--trusted-host",
            "--timeout",
            "--retries",
            "-t",
            "--target",
            "--prefix",
            "-n",
            "--name",
            "-p",
            "-c",
            "--channel",
            "--upgrade-strategy",
            "--progress-bar");
    private static final List<String> INDEXES = List.of("-i", "--index-url", "--extra-index-url", "-f", "--find-links");

    Dockerfile {
        requirements = List.copyOf(requirements);
        notes = List.copyOf(notes);
    }

    /// @param file gives a file of the build context by its path; empty when there is none
    /// @throws Problem.Unsupported `BuildContextUnsupported` with the line that cannot be honoured
    static Dockerfile parse(String label, String text, Function<String, Optional<String>> file) {
        Reader reader = new Reader(label, file);
        for (String line : instructions(text)) {
            reader.read(line);
        }
        if (reader.image.isEmpty()) {
            throw new Problem.Invalid(
                    "InvalidDockerfile", "The Dockerfile of environment '" + label + "' has no FROM line.", "build");
        }
        return new Dockerfile(reader.image, reader.python, reader.requirements, reader.notes);
    }

    /// Lines with their continuations, without comments.
    private static List<String> instructions(String text) {
        List<String> instructions = new ArrayList<>();
        StringBuilder open = new StringBuilder();
        for (String line : text.lines().toList()) {
            String bare = line.strip();
            if (bare.startsWith("#") || bare.isEmpty() && open.isEmpty()) {
                continue;
            }
            boolean goesOn = bare.endsWith("\\");
            open.append(goesOn ? bare.substring(0, bare.length() - 1) : bare).append(' ');
            if (!goesOn) {
                instructions.add(open.toString().strip());
                open.setLength(0);
            }
        }
        if (!open.isEmpty()) {
            instructions.add(open.toString().strip());
        }
        return instructions;
    }

    private static final class Reader {
        private final String label;
        private final Function<String, Optional<String>> file;
        private final List<String> requirements = new ArrayList<>();
        private final List<String> notes = new ArrayList<>();
        private String image = "";
        private String python = "";

        Reader(String label, Function<String, Optional<String>> file) {
            this.label = label;
            this.file = file;
        }

        void read(String instruction) {
            String[] parts = instruction.split("\\s+", 2);
            String rest = parts.length == 1 ? "" : parts[1];
            switch (parts[0].toUpperCase(Locale.ROOT)) {
                case "FROM" -> {
                    image = rest.replaceFirst("--platform=\\S+\\s+", "").split("\\s+")[0];
                    // What an earlier stage had stays there.
                    requirements.clear();
                    notes.clear();
                }
                case "RUN" -> run(rest);
                default -> {
                    // Files, variables, user, command: a job brings its own.
                }
            }
        }

        private void run(String line) {
            String plain = line.replaceAll("--mount=\\S+\\s+", "").strip();
            for (String command : plain.split("\\s*(?:&&|;|\\|\\|)\\s*")) {
                command(command.strip(), line);
            }
        }

        private void command(String command, String line) {
            Matcher conda = CONDA_RUN.matcher(command);
            String inside = conda.matches() ? conda.group(1) : command;
            Matcher pip = PIP.matcher(inside);
            Matcher environment = CONDA_ENV.matcher(inside);
            Matcher install = CONDA.matcher(inside);
            if (pip.matches()) {
                pip(words(pip.group(1)));
            } else if (environment.matches()) {
                environment(words(environment.group(1)), line);
            } else if (install.matches()) {
                install(words(install.group(1)));
            } else if (HARMLESS.matcher(inside).matches()) {
                if (inside.matches("(?:sudo\\s+)?(?:apt-get|apt|yum|apk)\\s.*\\binstall\\b.*")) {
                    notes.add("'" + shortened(inside) + "' of the Dockerfile is left out: what the system lacks is"
                            + " installed by its owner");
                }
            } else {
                throw new Problem.Unsupported(
                        "BuildContextUnsupported",
                        "Environment '" + label + "' is built from a Dockerfile whose line 'RUN " + shortened(line)
                                + "' needs a container engine. Atelier installs packages without an image: it understands"
                                + " pip install, conda install and conda env create or update. Give the environment a"
                                + " conda file instead.");
            }
        }

        private static String shortened(String line) {
            String one = line.replaceAll("\\s+", " ").strip();
            return one.length() <= 120 ? one : one.substring(0, 117) + "...";
        }

        private void pip(List<String> words) {
            for (int i = 0; i < words.size(); i++) {
                String word = words.get(i);
                String next = i + 1 < words.size() ? words.get(i + 1) : "";
                if (word.equals("-r") || word.equals("--requirement")) {
                    lines(next);
                    i++;
                } else if (word.startsWith("--requirement=")) {
                    lines(word.substring("--requirement=".length()));
                } else if (INDEXES.contains(word)) {
                    requirements.add((word.equals("-i") ? "--index-url" : word.equals("-f") ? "--find-links" : word)
                            + " " + next);
                    i++;
                } else if (WITH_VALUE.contains(word)) {
                    i++;
                } else if (word.matches("--(?:index-url|extra-index-url|find-links)=.*")) {
                    requirements.add(word.replaceFirst("=", " "));
                } else if (word.startsWith("-") || word.matches("(?:pip|setuptools|wheel)(?:[=<>!~].*)?")) {
                    continue; // how it is installed; the installer itself
                } else if (word.startsWith(".") || word.startsWith("/")) {
                    throw new Problem.Unsupported(
                            "BuildContextUnsupported",
                            "The Dockerfile of environment '" + label + "' installs '" + word
                                    + "' from its own folder, which is not there without an image. Name packages of the"
                                    + " index.");
                } else {
                    requirements.add(word);
                }
            }
        }

        private void lines(String path) {
            requirements.addAll(text(path).lines().toList());
        }

        private void environment(List<String> words, String line) {
            for (int i = 0; i < words.size(); i++) {
                boolean named = words.get(i).equals("-f") || words.get(i).equals("--file");
                String inline =
                        words.get(i).startsWith("--file=") ? words.get(i).substring(7) : "";
                if (named && i + 1 < words.size() || !inline.isEmpty()) {
                    CondaFile conda = CondaFile.parse(text(named ? words.get(i + 1) : inline));
                    requirements.addAll(conda.requirements());
                    notes.addAll(conda.notes());
                    python = conda.python().isEmpty() ? python : conda.python();
                    return;
                }
            }
            throw new Problem.Unsupported(
                    "BuildContextUnsupported",
                    "The Dockerfile of environment '" + label + "' has the line 'RUN " + shortened(line)
                            + "', which names no conda file.");
        }

        private void install(List<String> words) {
            StringBuilder yaml = new StringBuilder("dependencies:\n");
            for (int i = 0; i < words.size(); i++) {
                if (WITH_VALUE.contains(words.get(i))) {
                    i++;
                } else if (!words.get(i).startsWith("-")) {
                    yaml.append("  - \"").append(words.get(i).replace("\"", "")).append("\"\n");
                }
            }
            CondaFile conda = CondaFile.parse(yaml.toString());
            requirements.addAll(conda.requirements());
            notes.addAll(conda.notes());
            python = conda.python().isEmpty() ? python : conda.python();
        }

        /// Where a file lies in the image is not known; in the context it has the same name.
        private String text(String path) {
            String relative = path.replaceFirst("^(?:\\./|/)+", "");
            String name = path.substring(path.lastIndexOf('/') + 1);
            return file.apply(relative)
                    .or(() -> file.apply(name))
                    .orElseThrow(() -> new Problem.Invalid(
                            "InvalidDockerfile",
                            "The Dockerfile of environment '" + label + "' reads '" + path
                                    + "', which is not in its build context.",
                            "build"));
        }

        private static List<String> words(String text) {
            List<String> words = new ArrayList<>();
            Matcher matcher = WORD.matcher(text);
            while (matcher.find()) {
                String word = matcher.group(1) != null
                        ? matcher.group(1)
                        : matcher.group(2) != null ? matcher.group(2) : matcher.group(3);
                words.add(word);
            }
            return words;
        }
    }
}
