package atelier.cli.imports;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import atelier.cli.CliError;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("slow")
class PostgresSourceTest extends SqlSourceContract {
    private static final AtomicInteger COUNT = new AtomicInteger();
    private static EmbeddedPostgres server;
    private final String database = "mlflow" + COUNT.incrementAndGet();

    @BeforeAll
    static void startServer() throws IOException {
        server = EmbeddedPostgres.builder().start();
    }

    @AfterAll
    static void stopServer() throws IOException {
        server.close();
    }

    @Override
    Connection connect() throws SQLException {
        try (Connection connection = server.getPostgresDatabase().getConnection();
                var statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE " + database);
        }
        return server.getDatabase("postgres", database).getConnection();
    }

    private String place() {
        return "@localhost:" + server.getPort() + "/" + database;
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
