package atelier.environments.internal;

import atelier.kernel.Json;
import atelier.kernel.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/// A conda environment file, as what pip would install: the python pin, requirement lines, and remarks on what was
/// left out. Versions follow conda's match specifications: `=1.5` is any 1.5, `==1.5` is 1.5 itself.
///
/// @param python version or range such as `3.10` or `>=3.9,<3.12`; empty when the file names none
record CondaFile(String python, List<String> requirements, List<String> notes) {
    /// `channel::name`, then a version with or without a blank, then a build string that is ignored.
    private static final Pattern SPEC =
            Pattern.compile("(?:[^:\\s]+::)?([A-Za-z0-9_.\\-]+?)(?:\\[[^]]*])?\\s*([=<>!~].*|\\d\\S*(?:\\s.*)?)?");

    CondaFile {
        requirements = List.copyOf(requirements);
        notes = List.copyOf(notes);
    }

    static CondaFile parse(String yaml) {
        JsonNode root = Json.yaml(yaml);
        if (!root.isObject()) {
            throw new Problem.Invalid(
                    "InvalidCondaFile", "A conda file is a mapping with 'dependencies'; this is not one.", "condaFile");
        }
        JsonNode dependencies = root.path("dependencies");
        if (!dependencies.isMissingNode() && !dependencies.isNull() && !dependencies.isArray()) {
            throw new Problem.Invalid(
                    "InvalidCondaFile", "'dependencies' of a conda file must be a list.", "condaFile.dependencies");
        }
        String python = "";
        List<String> requirements = new ArrayList<>();
        List<String> notes = new ArrayList<>();
        for (JsonNode dependency : dependencies) {
            if (dependency.isObject()) {
                pipSection(dependency, requirements);
                continue;
            }
            Matcher spec = SPEC.matcher(dependency.asString().strip());
            if (!dependency.isString() || !spec.matches()) {
                throw new Problem.Invalid(
                        "InvalidCondaFile",
                        "'" + dependency + "' is not a conda dependency; write name=version.",
                        "condaFile.dependencies");
            }
            String name = spec.group(1).toLowerCase(Locale.ROOT);
            String version = version(spec.group(2) == null ? "" : spec.group(2).strip(), dependency.asString());
            if (name.equals("python")) {
                python = version.startsWith("==") ? version.substring(2).replace(".*", "") : version;
                continue;
            }
            Optional<String> pip = CondaNames.pip(name);
            if (pip.isPresent()) {
                requirements.add(pip.get() + version);
            } else {
                notes.add("conda package '" + name + "' is no Python package and is left out");
            }
        }
        return new CondaFile(python, requirements, notes);
    }

    private static void pipSection(JsonNode dependency, List<String> requirements) {
        JsonNode pip = dependency.path("pip");
        if (!pip.isArray() && !pip.isNull()) {
            throw new Problem.Invalid(
                    "InvalidCondaFile",
                    "The only section a conda file may have among its dependencies is 'pip', a list.",
                    "condaFile.dependencies");
        }
        for (JsonNode line : pip) {
            requirements.add(line.asString());
        }
    }

    /// conda's `=1.5.2=py310h…` as pip's `==1.5.2.*`.
    private static String version(String conda, String whole) {
        if (conda.isEmpty() || conda.matches("=*\\s*\\*")) {
            return "";
        }
        if (conda.contains("|")) {
            throw new Problem.Invalid(
                    "InvalidCondaFile",
                    "'" + whole + "' names alternatives with '|', which pip cannot express; choose one.",
                    "condaFile.dependencies");
        }
        if (conda.startsWith("==")) {
            return "==" + withoutBuild(conda.substring(2));
        }
        if (conda.startsWith("=") || Character.isDigit(conda.charAt(0))) {
            boolean operator = conda.startsWith("=");
            String exact = withoutBuild(operator ? conda.substring(1) : conda);
            if (exact.contains(",") || exact.endsWith("*")) {
                return "==" + exact;
            }
            return "==" + exact + ".*";
        }
        return conda.replace(" ", "");
    }

    private static String withoutBuild(String version) {
        String stripped = version.strip();
        int end = stripped.indexOf('=');
        String first = end < 0 ? stripped : stripped.substring(0, end);
        return first.strip().split("\\s+")[0];
    }
}
