package atelier.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import atelier.cli.CliError;
import atelier.cli.endpoints.Scoring;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CsvFileTest {
    @TempDir
    private Path folder;

    private Path write(String text) throws IOException {
        return Files.writeString(folder.resolve("given.csv"), text);
    }

    private static String rows(int count) {
        StringBuilder text = new StringBuilder("id,\"full, name\",ill\n");
        for (int i = 0; i < count; i++) {
            text.append(i).append(",\"a \"\"b\"\"\n c\",").append(i % 2).append('\n');
        }
        return text.toString();
    }

    @Test
    void quotedFieldsMayHoldCommasQuotesAndLineEnds() throws IOException {
        CsvFile csv = CsvFile.check(write(rows(60)), "ill");
        assertThat(csv.columns()).containsExactly("id", "full, name", "ill");
        assertThat(csv.rows()).isEqualTo(60);
        assertThat(csv.last()).containsExactly("59", "a \"b\"\n c", "1");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "``|x|is empty",
                "`a,b\\n`|b|no rows",
                "`a,b\\n1,2\\n`|c|'c' is not a column",
                "`age,diabetic\\n1,2\\n`|diabetc|Did you mean 'diabetic'?",
                "`just a line of text\\n`|x|is not a CSV",
                "`a,b\\n1,2\\n1\\n`|b|line 3 has 1 values",
                "`a,b\\n1,2\\n1,3\\n`|b|at least 50"
            })
    void whatWillNotDoIsSaidInOneSentence(String text, String target, String says) throws IOException {
        Path file = write(text.replace("\\n", "\n"));
        assertThatThrownBy(() -> CsvFile.check(file, target))
                .isInstanceOf(CliError.class)
                .hasMessageContaining(says);
    }

    @Test
    void bytesThatAreNoTextAreNoCsv() throws IOException {
        Path file = Files.write(folder.resolve("x.csv"), new byte[] {(byte) 0x89, 'P', 'N', 'G', (byte) 0xff, 0});
        assertThatThrownBy(() -> CsvFile.check(file, "x")).hasMessageContaining("not a CSV");
    }

    @Test
    void aTargetWithOneValueCannotBeLearned() throws IOException {
        Path file = write("a,b\n" + "1,1\n".repeat(60));
        assertThatThrownBy(() -> CsvFile.check(file, "b")).hasMessageContaining("only one value");
    }

    @Test
    void theRequestLeavesTheTargetOutAndKeepsNumbersAsNumbers() throws IOException {
        CsvFile csv = CsvFile.check(write("age,bmi,smoker,ill\n" + "1,2.5,no,0\n".repeat(59) + "70,,yes,1\n"), "ill");
        Plan plan = new Plan(csv, "ill", "given", false);
        assertThat(EndpointWalk.request(plan).toString())
                .isEqualTo("{\"input_data\":{\"columns\":[\"age\",\"bmi\",\"smoker\"],\"index\":[0],"
                        + "\"data\":[[70,null,\"yes\"]]}}");
        assertThat(EndpointWalk.words(plan, new Scoring.Answer("[1]", 5)))
                .contains("ill is likely")
                .contains("the file says 1")
                .contains("not a medical opinion");
    }

    @ParameterizedTest
    @CsvSource({
        "diabetes.csv, diabetes",
        "My Patients (2).CSV, my-patients-2",
        "7.csv, own-data",
        "a.csv, own-a",
        "a-very-long-name-of-a-file-of-patients.csv, a-very-long-name-of-a-fi"
    })
    void namesAreMadeFromTheFiles(String file, String name) {
        assertThat(Plan.nameOf(file)).isEqualTo(name);
    }
}
