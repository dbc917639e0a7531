package atelier.compute.internal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What Linux tells of processes (proc(5)).
final class Proc {
    private static final Path ROOT = Path.of("/proc");

    private Proc() {}

    /// A process for good: a pid is used again, but not with the same start time in the same boot.
    ///
    /// @param start clock ticks since boot, field 22 of `/proc/<pid>/stat`
    record Identity(long pid, long start, String boot) {}

    /// A line of `/proc/<pid>/stat`.
    private record Stat(long pid, char state, long parent, long session, long start) {
        boolean dead() {
            return state == 'Z' || state == 'X';
        }
    }

    static boolean alive(Identity identity) {
        return identity.boot().equals(boot())
                && stat(Long.toString(identity.pid()))
                        .filter(stat -> stat.start() == identity.start() && !stat.dead())
                        .isPresent();
    }

    static String boot() {
        try {
            return Files.readString(ROOT.resolve("sys/kernel/random/boot_id")).strip();
        } catch (IOException e) {
            return "unknown";
        }
    }

    /// Everything that belongs to the process `leader`: its session, its descendants, and what carries
    /// `cookie` in its
    /// environment (daemons that left the session); without `leader` itself.
    static List<ProcessHandle> tree(long leader, boolean leaderAlive, String cookie) {
        Map<Long, List<Long>> children = new HashMap<>();
        Set<Long> found = new HashSet<>();
        for (Stat stat : all()) {
            if (stat.dead()) {
                continue;
            }
            children.computeIfAbsent(stat.parent(), _ -> new ArrayList<>()).add(stat.pid());
            if (leaderAlive && stat.session() == leader || carries(stat.pid(), cookie)) {
                found.add(stat.pid());
            }
        }
        ArrayDeque<Long> open = new ArrayDeque<>(found);
        if (leaderAlive) {
            open.add(leader);
        }
        while (!open.isEmpty()) {
            for (long child : children.getOrDefault(open.poll(), List.of())) {
                if (found.add(child)) {
                    open.add(child);
                }
            }
        }
        found.remove(leader);
        found.remove(ProcessHandle.current().pid());
        return found.stream().flatMap(pid -> ProcessHandle.of(pid).stream()).toList();
    }

    private static List<Stat> all() {
        List<Stat> all = new ArrayList<>();
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(ROOT, "[0-9]*")) {
            for (Path process : processes) {
                stat(process.getFileName().toString()).ifPresent(all::add);
            }
        } catch (IOException | DirectoryIteratorException e) {
            return all;
        }
        return all;
    }

    private static Optional<Stat> stat(String pid) {
        try {
            String line = Files.readString(ROOT.resolve(pid).resolve("stat"), StandardCharsets.ISO_8859_1);
            // The name in brackets may hold spaces and brackets; the fields after the last bracket do not.
            String[] fields = line.substring(line.lastIndexOf(')') + 2).split(" ");
            return Optional.of(new Stat(
                    Long.parseLong(pid),
                    fields[0].charAt(0),
                    Long.parseLong(fields[1]),
                    Long.parseLong(fields[3]),
                    Long.parseLong(fields[19])));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static boolean carries(long pid, String cookie) {
        try {
            byte[] environment =
                    Files.readAllBytes(ROOT.resolve(Long.toString(pid)).resolve("environ"));
            return ("\0" + new String(environment, StandardCharsets.UTF_8)).contains("\0" + cookie + "\0");
        } catch (IOException e) {
            return false;
        }
    }
}
