package atelier.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import atelier.cli.demo.Patients.Population;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PatientsTest {
    private static final List<String> COLUMNS = Arrays.asList(Patients.HEADER.split(","));

    @Test
    void theSameSeedGivesTheSameBytesForEver(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("patients.csv");
        Patients.write(file, 1000, 7, Population.FIRST);
        byte[] hash = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
        // When this fails the generator changed: PATIENTS.md and the numbers in it must follow.
        assertThat(HexFormat.of().formatHex(hash)).startsWith("8b7dd418a585bac4");
    }

    @Test
    void aLongerFileBeginsWithTheRowsOfAShorterOne() throws IOException {
        assertThat(csv(50, 7, Population.FIRST)).startsWith(csv(20, 7, Population.FIRST));
    }

    @Test
    void anotherSeedGivesOtherPeople() throws IOException {
        assertThat(csv(5, 8, Population.FIRST)).isNotEqualTo(csv(5, 7, Population.FIRST));
    }

    @Test
    void everyRowHasEveryColumnAndTheLabelIsNeverMissing() throws IOException {
        List<String[]> rows = rows(2000, Population.FIRST);
        assertThat(rows).hasSize(2000).allSatisfy(row -> {
            assertThat(row).hasSize(COLUMNS.size());
            assertThat(row[COLUMNS.size() - 1]).isIn("0", "1");
            assertThat(Integer.parseInt(row[1])).isBetween(18, 90);
        });
    }

    @Test
    void aboutAFifthIsIllAndSomeValuesAreMissing() throws IOException {
        List<String[]> rows = rows(10_000, Population.FIRST);
        assertThat(share(rows, "diabetic")).isCloseTo(0.22, within(0.02));
        assertThat(missing(rows, "hba1c_percent")).isBetween(0.15, 0.35);
        assertThat(missing(rows, "age")).isZero();
    }

    @Test
    void theIllAreOlderHeavierAndHaveMoreGlucose() throws IOException {
        List<String[]> rows = rows(10_000, Population.FIRST);
        for (String column : List.of("age", "bmi", "fasting_glucose_mg_dl", "waist_cm")) {
            assertThat(mean(rows, column, "1")).as(column).isGreaterThan(mean(rows, column, "0") * 1.05);
        }
        assertThat(mean(rows, "activity_minutes_per_week", "1"))
                .isLessThan(mean(rows, "activity_minutes_per_week", "0"));
    }

    @Test
    void anOlderAndHeavierPopulationHasMoreOfTheIll() throws IOException {
        List<String[]> first = rows(5000, Population.FIRST);
        List<String[]> later = rows(5000, Population.OLDER_AND_HEAVIER);
        assertThat(share(later, "diabetic")).isGreaterThan(share(first, "diabetic") + 0.1);
        assertThat(mean(later, "age", null) - mean(first, "age", null)).isBetween(7.0, 10.0);
        assertThat(mean(later, "bmi", null)).isGreaterThan(mean(first, "bmi", null) + 2);
    }

    @Test
    void aCountOfNobodyIsRefused() {
        assertThatThrownBy(() -> csv(0, 7, Population.FIRST)).hasMessageContaining("1 or more");
        assertThatThrownBy(() -> new Population(Double.NaN, 0)).hasMessageContaining("ageShift");
    }

    private static String csv(int count, long seed, Population population) throws IOException {
        StringWriter writer = new StringWriter();
        Patients.write(writer, count, seed, population);
        return writer.toString();
    }

    private static List<String[]> rows(int count, Population population) throws IOException {
        return csv(count, 7, population)
                .lines()
                .skip(1)
                .map(line -> line.split(",", -1))
                .toList();
    }

    private static double share(List<String[]> rows, String column) {
        return mean(rows, column, null);
    }

    private static double missing(List<String[]> rows, String column) {
        int place = COLUMNS.indexOf(column);
        return rows.stream().filter(row -> row[place].isEmpty()).count() / (double) rows.size();
    }

    /// Mean of the values that are there, among those with the label, or among all.
    private static double mean(List<String[]> rows, String column, @org.jspecify.annotations.Nullable String label) {
        int place = COLUMNS.indexOf(column);
        return rows.stream()
                .filter(row -> !row[place].isEmpty() && (label == null || label.equals(row[COLUMNS.size() - 1])))
                .mapToDouble(row -> Double.parseDouble(row[place]))
                .average()
                .orElseThrow();
    }
}
