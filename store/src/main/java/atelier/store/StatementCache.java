package atelier.store;

import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jdbi.v3.core.statement.DefaultStatementBuilder;
import org.jdbi.v3.core.statement.StatementBuilder;
import org.jdbi.v3.core.statement.StatementContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps prepared statements of SQLite connections: its driver has no cache of its own, and preparing costs several
/// times what running a small statement does. A statement in use is out of the cache, so that the same SQL may run
/// inside its own result.
final class StatementCache implements StatementBuilder {
    private static final Logger LOG = LoggerFactory.getLogger(StatementCache.class);
    private static final int STATEMENTS = 100;
    /// Longer ones hold lists of ids and do not come again.
    private static final int LONGEST = 1_500;

    private final StatementBuilder plain = new DefaultStatementBuilder();
    private final Map<Connection, Map<String, PreparedStatement>> kept = new HashMap<>();

    @Override
    public Statement create(Connection connection, StatementContext context) throws SQLException {
        return plain.create(connection, context);
    }

    @Override
    public PreparedStatement create(Connection connection, String sql, StatementContext context) throws SQLException {
        if (!isKept(sql, context)) {
            return plain.create(connection, sql, context);
        }
        // The pool closes what was prepared through its own connection, so this is prepared on the one below.
        Connection below = connection.unwrap(Connection.class);
        PreparedStatement found;
        synchronized (this) {
            found = of(below).remove(sql);
        }
        return found == null || found.isClosed() ? below.prepareStatement(sql) : found;
    }

    @Override
    public CallableStatement createCall(Connection connection, String sql, StatementContext context)
            throws SQLException {
        return plain.createCall(connection, sql, context);
    }

    @Override
    public void close(Connection connection, String sql, Statement statement) throws SQLException {
        if (!(statement instanceof PreparedStatement prepared)
                || prepared.isClosed()
                || prepared.getConnection().equals(connection)
                || sql.length() > LONGEST) {
            statement.close();
            return;
        }
        try {
            // A statement that is not run to its end would hold on to its snapshot. One whose rows are still read
            // refuses this, and is closed then.
            ResultSet rest = prepared.getResultSet();
            if (rest != null) {
                rest.close();
            }
            prepared.clearBatch();
            prepared.clearParameters();
        } catch (SQLException e) {
            prepared.close();
            return;
        }
        keep(prepared.getConnection(), sql, prepared);
    }

    private static boolean isKept(String sql, StatementContext context) {
        return sql.length() <= LONGEST && !context.isReturningGeneratedKeys() && !context.isConcurrentUpdatable();
    }

    private synchronized void keep(Connection below, String sql, PreparedStatement prepared) throws SQLException {
        Map<String, PreparedStatement> statements = of(below);
        PreparedStatement twin = statements.put(sql, prepared);
        if (twin != null) {
            twin.close();
        }
    }

    private Map<String, PreparedStatement> of(Connection below) {
        Map<String, PreparedStatement> statements = kept.get(below);
        if (statements == null) {
            forgetClosed();
            statements = new Recent();
            kept.put(below, statements);
        }
        return statements;
    }

    private void forgetClosed() {
        Iterator<Connection> connections = kept.keySet().iterator();
        while (connections.hasNext()) {
            try {
                if (connections.next().isClosed()) {
                    connections.remove();
                }
            } catch (SQLException e) {
                LOG.debug("a connection does not say whether it is closed", e);
            }
        }
    }

    /// The statements used last.
    private static final class Recent extends LinkedHashMap<String, PreparedStatement> {
        private static final long serialVersionUID = 1L;

        Recent() {
            super(16, 0.75f, true);
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, PreparedStatement> eldest) {
            if (size() <= STATEMENTS) {
                return false;
            }
            try {
                eldest.getValue().close();
            } catch (SQLException e) {
                LOG.debug("an old statement does not close", e);
            }
            return true;
        }
    }
}
