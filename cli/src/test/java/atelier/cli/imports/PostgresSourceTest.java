package atelier.cli.imports;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import atelier.cli.CliError;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("slow")
class PostgresSourceTest extends SqlSourceContract {
    private static EmbeddedPostgres server;

    @BeforeAll
    static void startServer() throws IOException {
        server = EmbeddedPostgres.builder().start();
    }

    @AfterAll
    static void stopServer() throws IOException {
        server.close();
    }

    @AfterEach
    void empty() throws SQLException {
        try (Connection connection = connect();
                var statement = connection.createStatement()) {
            statement.execute("DROP SCHEMA public CASCADE");
            statement.execute("CREATE SCHEMA public");
        }
    }

    @Override
    Connection connect() throws SQLException {
        return server.getPostgresDatabase().getConnection();
    }

    private static String place() {
        return "@localhost:" + server.getPort() + "/postgres";
    }

    @Override
    SqlStore open() {
        return SqlStore.postgresql("postgresql+psycopg2://postgres:p%40ss" + place());
    }

    @Test
    void whatCannotBeEnteredIsOneSentenceWithoutThePassword() {
        assertThatThrownBy(() -> SqlStore.postgresql("postgresql://nobody:secret" + place()))
                .isInstanceOf(CliError.class)
                .hasMessageContaining("cannot be read")
                .hasMessageNotContaining("secret");
    }
}
