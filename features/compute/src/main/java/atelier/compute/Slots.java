package atelier.compute;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// The places of this machine in which jobs run, handed out first come, first served.
public final class Slots {
    private final int total;
    private final Set<Ticket> holders = new LinkedHashSet<>();
    private final List<Ticket> queue = new ArrayList<>();
    private boolean closed;

    /// @param total how many jobs run at the same time, at least 1
    public Slots(int total) {
        if (total < 1) {
            throw new IllegalArgumentException("There must be at least one slot, not " + total);
        }
        this.total = total;
    }

    public int total() {
        return total;
    }

    /// How many are taken now.
    public synchronized int used() {
        return holders.size();
    }

    /// Queues for a slot.
    ///
    /// @param who the job's name, for the others' reasons
    public synchronized Ticket request(String who) {
        Ticket ticket = new Ticket(who);
        queue.add(ticket);
        grant();
        return ticket;
    }

    /// Takes a slot at once, even when none is free: for a process that is running already.
    public synchronized Ticket occupy(String who) {
        Ticket ticket = new Ticket(who);
        holders.add(ticket);
        return ticket;
    }

    /// Grants nothing from now on: when a server lets go of its jobs, the slot that one gives back must not start the
    /// next.
    public synchronized void close() {
        closed = true;
    }

    private void grant() {
        while (!closed && !queue.isEmpty() && holders.size() < total) {
            holders.add(queue.removeFirst());
        }
        notifyAll();
    }

    private synchronized void give(Ticket ticket) {
        holders.remove(ticket);
        queue.remove(ticket);
        grant();
    }

    private synchronized String reason(Ticket ticket) {
        int ahead = queue.indexOf(ticket);
        String running = holders.stream().map(holder -> holder.who).collect(Collectors.joining(", "));
        return "Waiting for a slot: all " + total + " are in use (" + running + ")"
                + (ahead <= 0 ? "." : "; " + ahead + (ahead == 1 ? " job is" : " jobs are") + " ahead.");
    }

    /// A place in the queue, then a slot; closing gives either back.
    public final class Ticket implements AutoCloseable {
        private final String who;

        private Ticket(String who) {
            this.who = who;
        }

        public boolean granted() {
            synchronized (Slots.this) {
                return holders.contains(this);
            }
        }

        /// Waits for the slot.
        ///
        /// @return false when the ticket was closed meanwhile
        public boolean await() throws InterruptedException {
            synchronized (Slots.this) {
                while (!holders.contains(this)) {
                    if (!queue.contains(this)) {
                        return false;
                    }
                    Slots.this.wait();
                }
                return true;
            }
        }

        /// Why it has to wait, in a sentence.
        public String reason() {
            return Slots.this.reason(this);
        }

        @Override
        public void close() {
            give(this);
        }
    }
}
