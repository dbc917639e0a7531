package atelier.cli.imports;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import atelier.cli.CliError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteSourceTest extends SqlSourceContract {
    @TempDir
    Path folder;

    @Override
    Connection connect() throws SQLException {
        return DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("mlflow.db"));
    }

    @Override
    SqlStore open() {
        return SqlStore.sqlite("sqlite:///mlflow.db", folder::resolve);
    }

    @Test
    void anOldSchemaIsToldHowToBecomeANewOne() throws SQLException {
        try (Connection connection = connect();
                var statement = connection.createStatement()) {
            statement.execute("ALTER TABLE runs DROP COLUMN deleted_time");
        }
        assertThatThrownBy(this::open)
                .isInstanceOf(CliError.class)
                .hasMessageContaining("runs.deleted_time is missing")
                .hasMessageContaining("mlflow db upgrade");
    }

    @Test
    void aDamagedFileIsOneSentence() throws IOException {
        Path broken = folder.resolve("broken.db");
        byte[] bytes = Files.readAllBytes(folder.resolve("mlflow.db"));
        for (int i = 100; i < bytes.length; i++) {
            bytes[i] = (byte) (i * 7);
        }
        Files.write(broken, bytes);
        assertThatThrownBy(() -> SqlStore.sqlite("sqlite:///broken.db", folder::resolve))
                .isInstanceOf(CliError.class)
                .hasMessageContaining("broken.db");
    }
}
