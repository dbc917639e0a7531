package atelier.experiments;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import atelier.experiments.internal.SqlMetrics;
import atelier.experiments.internal.SqlRunSearch;
import atelier.experiments.internal.SqlRuns;
import atelier.mlflow.Filter;
import atelier.mlflow.OrderBy;
import atelier.store.Database;
import atelier.testkit.SettableClock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The search for runs beside a plain sort in memory: random runs, filters, orders and pages, with limits so low that
/// every way of walking is taken.
abstract class SearchWalkContract {
    private static final String WORKSPACE = OneWorkspace.MAIN.id();
    private static final String LONG = "x".repeat(199);
    private static final List<SqlRunSearch.Limits> LIMITS = List.of(
            new SqlRunSearch.Limits(0, 0),
            new SqlRunSearch.Limits(0, 4),
            new SqlRunSearch.Limits(6, 4),
            new SqlRunSearch.Limits(1000, 2000));
    private final Random random = new Random(11);
    private final List<Made> runs = new ArrayList<>();
    private Database database;

    abstract Database open();

    private record Made(
            Run.Head head, Map<String, Double> metrics, Map<String, String> params, Map<String, String> tags) {}

    private record Clause(String text, Predicate<Made> holds) {}

    private record Sorting(String text, Comparator<Made> order) {}

    @BeforeEach
    void fill() {
        database = open();
        SqlMetrics metrics = new SqlMetrics(database.kind(), new SettableClock());
        SqlRuns store = new SqlRuns(database);
        database.useTransaction(handle -> {
            for (int n = 1; n <= 150; n++) {
                Run.Head head = new Run.Head(
                        store.nextNumber(handle),
                        String.format("%08x%04d", random.nextInt(), n),
                        1 + random.nextInt(3),
                        pick("n1", "n2", LONG + "ab", LONG + "aa", "\uD83D\uDE00", "\uFF5E"),
                        "u",
                        random.nextBoolean() ? RunStatus.RUNNING : RunStatus.FINISHED,
                        100 + random.nextInt(20),
                        random.nextBoolean() ? null : Long.valueOf(200 + random.nextInt(9)),
                        "a",
                        random.nextInt(4) == 0 ? "deleted" : "active",
                        false);
                Made run = new Made(head, new HashMap<>(), new HashMap<>(), new HashMap<>());
                for (String key : List.of("m", "k")) {
                    if (random.nextInt(5) > 0) {
                        run.metrics().put(key, number());
                    }
                }
                if (random.nextInt(5) > 0) {
                    run.params().put("p", pick("a", "b", "B", LONG + "ab", LONG + "aa", "\uD83D\uDE00", "\uFF5E", ""));
                }
                if (random.nextInt(5) > 0) {
                    run.tags().put("t", pick("a", "b", "c"));
                }
                store.insert(handle, WORKSPACE, head);
                metrics.add(handle, head.number(), points(run));
                store.addParams(handle, head.number(), entries(run.params()));
                store.setTags(handle, head.number(), entries(run.tags()));
                runs.add(run);
            }
        });
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void walksAsASortWould() {
        for (int round = 0; round < 600; round++) {
            List<Clause> filter = some(2, this::clause);
            List<Sorting> orders =
                    some(3, this::sorting).stream().filter(distinct()).toList();
            ViewType view = ViewType.values()[random.nextInt(3)];
            List<Long> experiments = List.of(List.of(1L), List.of(2L, 3L), List.of(1L, 2L, 3L, 9L))
                    .get(random.nextInt(3));
            int size = 1 + random.nextInt(40);
            SqlRunSearch.Limits limits = LIMITS.get(random.nextInt(LIMITS.size()));
            List<String> expected = runs.stream()
                    .filter(run -> experiments.contains(run.head().experiment()))
                    .filter(run -> view == ViewType.ALL
                            || (view == ViewType.DELETED_ONLY)
                                    == run.head().lifecycle().equals("deleted"))
                    .filter(run ->
                            filter.stream().allMatch(clause -> clause.holds().test(run)))
                    .sorted(total(orders))
                    .map(run -> run.head().runId())
                    .toList();
            String told = round + " " + filter + orders + view + experiments + size + limits;
            assertThat(pages(limits, experiments, filter, orders, view, size))
                    .as(told)
                    .isEqualTo(expected);
        }
    }

    @Test
    void pagesStayWhenRunsAreAdded() {
        SqlRunSearch search = new SqlRunSearch(database, new SqlRunSearch.Limits(0, 4));
        SqlRuns store = new SqlRuns(database);
        List<String> whole = ids(search, query(List.of(1L), "", List.of(), 1000, null)).heads().stream()
                .map(Run.Head::runId)
                .toList();
        SqlRunSearch.Heads first = ids(search, query(List.of(1L), "", List.of(), 5, null));
        database.useTransaction(handle -> store.insert(
                handle,
                WORKSPACE,
                new Run.Head(
                        store.nextNumber(handle),
                        "new",
                        1,
                        "new",
                        "u",
                        RunStatus.RUNNING,
                        999,
                        null,
                        "a",
                        "active",
                        false)));
        SqlRunSearch.Heads second = ids(search, query(List.of(1L), "", List.of(), 5, first.next()));
        assertThat(second.heads().stream().map(Run.Head::runId)).isEqualTo(whole.subList(5, 10));
    }

    @Test
    void tokenGoesWithItsQueryOnly() {
        SqlRunSearch search = new SqlRunSearch(database);
        String token = Objects.requireNonNull(ids(search, query(List.of(1L), "", List.of("metrics.m"), 5, null))
                .next());
        for (SqlRunSearch.Query other : List.of(
                query(List.of(2L), "", List.of("metrics.m"), 5, token),
                query(List.of(1L), "params.p = 'a'", List.of("metrics.m"), 5, token),
                query(List.of(1L), "", List.of("metrics.m DESC"), 5, token))) {
            assertThatThrownBy(() -> ids(search, other)).hasMessageContaining("belongs to another search");
        }
        for (String bad : List.of("%%", "e30", "eyJvZmZzZXQiOiAyfQ==", token + "!", token.substring(0, 9))) {
            assertThatThrownBy(() -> ids(search, query(List.of(1L), "", List.of("metrics.m"), 5, bad)))
                    .hasMessageContaining("Invalid page token");
        }
    }

    private SqlRunSearch.Heads ids(SqlRunSearch search, SqlRunSearch.Query query) {
        return database.read(handle -> search.search(handle, WORKSPACE, query));
    }

    private static SqlRunSearch.Query query(
            List<Long> experiments, String filter, List<String> orders, int max, @Nullable String token) {
        return new SqlRunSearch.Query(
                experiments,
                SqlRunSearch.VOCABULARY.terms(Filter.parse(filter)),
                SqlRunSearch.VOCABULARY.orders(OrderBy.parse(orders)),
                ViewType.ACTIVE_ONLY,
                max,
                token);
    }

    private List<String> pages(
            SqlRunSearch.Limits limits,
            List<Long> experiments,
            List<Clause> filter,
            List<Sorting> orders,
            ViewType view,
            int size) {
        SqlRunSearch search = new SqlRunSearch(database, limits);
        var terms = SqlRunSearch.VOCABULARY.terms(Filter.parse(
                String.join(" AND ", filter.stream().map(Clause::text).toList())));
        var keys = SqlRunSearch.VOCABULARY.orders(
                OrderBy.parse(orders.stream().map(Sorting::text).toList()));
        List<String> found = new ArrayList<>();
        String token = null;
        do {
            SqlRunSearch.Heads page = ids(search, new SqlRunSearch.Query(experiments, terms, keys, view, size, token));
            page.heads().forEach(head -> found.add(head.runId()));
            token = page.next();
        } while (token != null && found.size() <= runs.size());
        return found;
    }

    private Comparator<Made> total(List<Sorting> orders) {
        Comparator<Made> order = (_, _) -> 0;
        for (Sorting sorting : orders) {
            order = order.thenComparing(sorting.order());
        }
        if (orders.stream().noneMatch(sorting -> sorting.text().startsWith("start_time"))) {
            order = order.thenComparing(run -> -run.head().startTime());
        }
        return order.thenComparing(run -> run.head().runId());
    }

    private Clause clause() {
        double limit = random.nextInt(5) - 1;
        return switch (random.nextInt(10)) {
            case 0 -> metric("m", " > ", limit, v -> v > limit);
            case 1 -> metric("k", " <= ", limit, v -> v <= limit);
            case 2 -> metric("m", " = ", limit, v -> v == limit);
            case 3 -> metric("m", " != ", limit, v -> v != limit);
            case 4 ->
                new Clause("params.p = 'a'", run -> "a".equals(run.params().get("p")));
            case 5 ->
                new Clause(
                        "params.p = '" + LONG + "ab'",
                        run -> (LONG + "ab").equals(run.params().get("p")));
            case 6 ->
                new Clause(
                        "tags.t != 'b'",
                        run -> run.tags().containsKey("t")
                                && !"b".equals(run.tags().get("t")));
            case 7 -> new Clause("tags.t = 'c'", run -> "c".equals(run.tags().get("t")));
            case 8 ->
                new Clause(
                        "params.p LIKE 'x%'",
                        run -> run.params().getOrDefault("p", "").startsWith("x"));
            default -> new Clause("status = 'FINISHED'", run -> run.head().status() == RunStatus.FINISHED);
        };
    }

    private static Clause metric(String key, String sign, double limit, Predicate<Double> holds) {
        return new Clause("metrics." + key + sign + limit, run -> {
            Double value = run.metrics().get(key);
            return value != null && holds.test(value);
        });
    }

    private Sorting sorting() {
        boolean up = random.nextBoolean();
        return switch (random.nextInt(8)) {
            case 0 -> number("metrics.m", up, run -> run.metrics().get("m"));
            case 1 -> number("metrics.k", up, run -> run.metrics().get("k"));
            case 2 -> text("params.p", up, run -> run.params().get("p"));
            case 3 -> text("tags.t", up, run -> run.tags().get("t"));
            case 4 ->
                number("end_time", up, run -> {
                    Long end = run.head().endTime();
                    return end == null ? null : Double.valueOf(end);
                });
            case 5 -> number("start_time", up, run -> (double) run.head().startTime());
            case 6 -> text("status", up, run -> run.head().status().name());
            default -> text("run_name", up, run -> run.head().name());
        };
    }

    private static Sorting number(String name, boolean up, Function<Made, @Nullable Double> value) {
        Comparator<Double> values = up ? Comparator.naturalOrder() : Comparator.reverseOrder();
        Comparator<Made> stages = Comparator.comparingInt(run -> {
            Double v = value.apply(run);
            return v == null ? 2 : v.isNaN() ? 1 : 0;
        });
        return new Sorting(
                name + (up ? "" : " DESC"),
                stages.thenComparing(
                        run -> {
                            Double v = value.apply(run);
                            return v == null || v.isNaN() ? 0.0 : v;
                        },
                        values));
    }

    private static Sorting text(String name, boolean up, Function<Made, @Nullable String> value) {
        Comparator<int[]> points = Arrays::compare;
        Comparator<Made> stages = Comparator.comparingInt(run -> value.apply(run) == null ? 1 : 0);
        return new Sorting(
                name + (up ? "" : " DESC"),
                stages.thenComparing(
                        run -> {
                            String v = value.apply(run);
                            return v == null ? new int[0] : v.codePoints().toArray();
                        },
                        up ? points : points.reversed()));
    }

    private static Predicate<Sorting> distinct() {
        List<String> seen = new ArrayList<>();
        return sorting -> {
            String name = sorting.text().split(" ", 2)[0];
            return !seen.contains(name) && seen.add(name);
        };
    }

    private <T> List<T> some(int max, java.util.function.Supplier<T> one) {
        return Stream.generate(one).limit(random.nextInt(max + 1)).toList();
    }

    private double number() {
        return switch (random.nextInt(10)) {
            case 0 -> Double.NaN;
            case 1 -> Double.POSITIVE_INFINITY;
            case 2 -> Double.NEGATIVE_INFINITY;
            default -> random.nextInt(5) - 1;
        };
    }

    private String pick(String... words) {
        return words[random.nextInt(words.length)];
    }

    private static List<Metric> points(Made run) {
        return run.metrics().entrySet().stream()
                .map(e -> new Metric(e.getKey(), e.getValue(), 1, 0))
                .toList();
    }

    private static List<Entry> entries(Map<String, String> values) {
        return values.entrySet().stream()
                .map(e -> new Entry(e.getKey(), e.getValue()))
                .toList();
    }
}
