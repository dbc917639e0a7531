package atelier.datasets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import atelier.kernel.Problem;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TablesTest {
    @TempDir
    Path folder;

    private DatasetsFixture fixture;

    @BeforeEach
    void open() {
        fixture = new DatasetsFixture(folder);
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    private Profile.Column column(Profile profile, String name) {
        return profile.columns().stream()
                .filter(column -> column.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void numbersHaveMomentsQuantilesAndAHistogram() {
        Profile profile = fixture.profileOf("a.csv", "age,bmi\n20,20.5\n30,NA\n40,30.5\n50,\n60,25.25\n");
        assertThat(profile.rows()).isEqualTo(5);
        assertThat(profile.file()).isEqualTo("a.csv");
        Profile.Column age = column(profile, "age");
        assertThat(age.type()).isEqualTo("integer");
        assertThat(age.min()).isEqualTo(20L);
        assertThat(age.max()).isEqualTo(60L);
        assertThat(age.mean()).isEqualTo(40.0);
        assertThat(age.std()).isCloseTo(15.811, within(0.001));
        assertThat(List.of(age.q25(), age.q50(), age.q75())).isEqualTo(List.of(30.0, 40.0, 50.0));
        List<Profile.Bin> bins = Objects.requireNonNull(age.histogram());
        assertThat(bins).hasSize(20);
        assertThat(bins.stream().mapToLong(Profile.Bin::count).sum()).isEqualTo(5);
        assertThat(bins.getLast()).isEqualTo(new Profile.Bin(58, 60, 1));
        Profile.Column bmi = column(profile, "bmi");
        assertThat(bmi.type()).isEqualTo("number");
        assertThat(bmi.nulls()).isEqualTo(2);
        assertThat(bmi.distinct()).isEqualTo(3);
    }

    @Test
    void wholeNumbersOfASmallRangeGetABinEach() {
        Profile profile = fixture.profileOf("a.csv", "label\n0\n1\n1\n1\n");
        assertThat(column(profile, "label").histogram())
                .isEqualTo(List.of(new Profile.Bin(0, 1, 1), new Profile.Bin(1, 2, 3)));
    }

    @Test
    void otherTypesHaveTheirMostFrequentValues() {
        Profile profile = fixture.profileOf(
                "a.csv", "city,seen,ok\nrome,2026-01-02,true\noslo,2026-01-03,false\nrome,2026-01-02,true\n");
        Profile.Column city = column(profile, "city");
        assertThat(city.type()).isEqualTo("string");
        assertThat(city.top()).isEqualTo(List.of(new Profile.Frequent("rome", 2), new Profile.Frequent("oslo", 1)));
        assertThat(city.histogram()).isNull();
        assertThat(column(profile, "seen").type()).isEqualTo("timestamp");
        assertThat(column(profile, "seen").min()).isEqualTo("2026-01-02");
        assertThat(column(profile, "ok").type()).isEqualTo("boolean");
    }

    @Test
    void namesWithQuotesSpacesAndCommasAreOnlyNames() {
        Profile profile = fixture.profileOf("a.csv", "\"a \"\"b\"\", c\",'; DROP TABLE t; --\n1,2\n3,4\n");
        assertThat(profile.columns())
                .extracting(Profile.Column::name)
                .isEqualTo(List.of("a \"b\", c", "'; DROP TABLE t; --"));
    }

    @Test
    void aTypeThatOnlyALateRowContradictsIsGuessedFromAllRows() {
        StringBuilder csv = new StringBuilder("a,b\n");
        for (int i = 0; i < 60_000; i++) {
            csv.append(i).append(",1\n");
        }
        Profile profile = fixture.profileOf("a.csv", csv.append("x,1\n").toString());
        assertThat(profile.rows()).isEqualTo(60_001);
        assertThat(column(profile, "a").type()).isEqualTo("string");
    }

    @Test
    void latinTextIsRead() {
        Profile profile = fixture.profileOf("a.csv", "a,b\n1,é\n".getBytes(StandardCharsets.ISO_8859_1));
        assertThat(column(profile, "b").top()).isEqualTo(List.of(new Profile.Frequent("é", 1)));
    }

    @Test
    void jsonLinesAndTabsAreTables() {
        assertThat(fixture.profileOf("a.jsonl", "{\"a\":1,\"b\":\"x\"}\n{\"a\":2,\"b\":null}\n")
                        .columns())
                .extracting(Profile.Column::type)
                .isEqualTo(List.of("integer", "string"));
        fixture.file("b.tsv", "a\tb\n1\t2\n");
        fixture.asset("tabs", "1", "uri_file", "b.tsv");
        assertThat(fixture.datasets
                        .tables()
                        .profile(fixture.workspace, "tabs", "1")
                        .columns())
                .hasSize(2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "a.csv|`a,b,c\n1,2,3\n4,5\n`|same number of fields",
                "a.csv|``|is empty",
                "a.pkl|`\u0000\u0001abc`|binary",
                "a.parquet|`PAR1 not really`|cannot be read as a table",
                "a.jsonl|`{\"a\":1}\n{oops\n`|cannot be read as a table"
            })
    void whatIsNotATableIsRefusedInOneSentence(String file, String content, String said) {
        assertThatThrownBy(() -> fixture.profileOf(file, content))
                .isInstanceOf(Problem.Invalid.class)
                .satisfies(e -> assertThat(((Problem) e).code()).isEqualTo("NotATable"))
                .hasMessageContaining(said)
                .hasMessageNotContaining(folder.toString());
    }

    @Test
    void aHeaderAloneIsATableWithoutRows() {
        Profile profile = fixture.profileOf("a.csv", "a,b\n");
        assertThat(profile.rows()).isZero();
        assertThat(profile.columns()).extracting(Profile.Column::name).isEqualTo(List.of("a", "b"));
    }

    @Test
    void aFileThatIsNotThereIsSaid() {
        fixture.asset("gone", "1", "uri_file", "gone.csv");
        assertThatThrownBy(() -> fixture.datasets.tables().profile(fixture.workspace, "gone", "1"))
                .isInstanceOf(Problem.NotFound.class)
                .hasMessageContaining("gone.csv");
    }

    @Test
    void aFolderIsOneTableOfItsFiles() {
        fixture.file("d/part-1.csv", "a,b\n1,x\n");
        fixture.file("d/part-2.csv", "a,b\n2,y\n");
        fixture.file("d/_SUCCESS", "");
        fixture.asset("parts", "1", "uri_folder", "d/");
        Profile profile = fixture.datasets.tables().profile(fixture.workspace, "parts", "1");
        assertThat(profile.rows()).isEqualTo(2);
        assertThat(profile.file()).isEqualTo("2 files");
    }

    @Test
    void anMlTableNamesItsFiles() {
        fixture.file(
                "m/MLTable", "type: mltable\npaths:\n  - file: ./one.csv\ntransformations:\n  - read_delimited:\n");
        fixture.file("m/one.csv", "a,b\n1,x\n");
        fixture.file("m/two.csv", "a,b\n2,y\n3,z\n");
        fixture.asset("ml", "1", "mltable", "m");
        assertThat(fixture.datasets
                        .tables()
                        .profile(fixture.workspace, "ml", "1")
                        .rows())
                .isEqualTo(1);
    }

    @Test
    void aProfileIsComputedOnceForTheSameBytes() {
        fixture.profileOf("a.csv", "a\n1\n");
        int reads = fixture.blobs.reads();
        fixture.asset("same", "7", "uri_file", "a.csv");
        fixture.datasets.tables().profile(fixture.workspace, "same", "7");
        assertThat(fixture.blobs.reads()).isEqualTo(reads);
        fixture.file("a.csv", "a\n1\n2\n");
        assertThat(fixture.datasets
                        .tables()
                        .profile(fixture.workspace, "same", "7")
                        .rows())
                .isEqualTo(2);
    }

    @Test
    void pagesOfRowsKeepTheFilesOrderAndTypes() {
        fixture.file("a.csv", "n,x,s,d\n1,1.5,a,2026-01-02 03:04:05\n2,,b,\n3,2.5,,2026-01-02 03:04:06\n");
        fixture.asset("rows", "1", "uri_file", "a.csv");
        Preview page = fixture.datasets.tables().preview(fixture.workspace, "rows", "latest", 1, 1);
        assertThat(page.columns()).isEqualTo(List.of("n", "x", "s", "d"));
        assertThat(page.total()).isEqualTo(3);
        assertThat(page.rows().getFirst()).containsExactly(2L, null, "b", null);
        Preview all = fixture.datasets.tables().preview(fixture.workspace, "rows", "1", 0, 50);
        assertThat(all.rows().getFirst()).containsExactly(1L, 1.5, "a", "2026-01-02 03:04:05");
        assertThat(fixture.datasets
                        .tables()
                        .preview(fixture.workspace, "rows", "1", 10, 5)
                        .rows())
                .isEmpty();
    }

    @Test
    void theCacheStaysWithinItsBytes() throws Exception {
        fixture.close();
        fixture = new DatasetsFixture(folder, 1);
        for (int i = 0; i < 3; i++) {
            fixture.file(i + ".csv", "a\n" + i + "\n");
            fixture.asset("c" + i, "1", "uri_file", i + ".csv");
            assertThat(fixture.datasets
                            .tables()
                            .preview(fixture.workspace, "c" + i, "1", 0, 1)
                            .rows()
                            .getFirst())
                    .containsExactly((long) i);
        }
        try (var files = Files.list(folder.resolve("tables"))) {
            assertThat(files.filter(file -> file.toString().endsWith(".duckdb")))
                    .isEmpty();
        }
    }

    /// Beyond the exact rows the profile says that it estimates; and the fence of 256 MB holds.
    @Test
    void aLargeTableIsEstimatedAndSaysSo() {
        StringBuilder csv = new StringBuilder("id,x\n");
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 600_000; i++) {
            csv.append(i).append(',').append(random.nextInt(1000)).append('\n');
        }
        Profile profile = fixture.profileOf("big.csv", csv.toString());
        assertThat(profile.approximate()).isTrue();
        assertThat(column(profile, "id").distinct()).isBetween(500_000L, 700_000L);
        assertThat(column(profile, "x").q50()).isCloseTo(500, within(20.0));
    }
}
