package atelier.compute;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 20, unit = TimeUnit.SECONDS)
class SlotsTest {
    private final Slots slots = new Slots(1);

    @Test
    void theFirstToComeIsTheFirstServed() throws Exception {
        Slots.Ticket a = slots.request("a");
        Slots.Ticket b = slots.request("b");
        Slots.Ticket c = slots.request("c");
        assertThat(a.await()).isTrue();
        assertThat(c.reason()).isEqualTo("Waiting for a slot: all 1 are in use (a); 1 job is ahead.");
        a.close();
        assertThat(b.await()).isTrue();
        assertThat(c.granted()).isFalse();
    }

    @Test
    void whoGivesUpWaitingGetsNothingAndLetsTheOthersPass() throws Exception {
        Slots.Ticket a = slots.request("a");
        Slots.Ticket b = slots.request("b");
        CompletableFuture<Boolean> waiting = CompletableFuture.supplyAsync(() -> {
            try {
                return b.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        b.close();
        assertThat(waiting.get()).isFalse();
        Slots.Ticket c = slots.request("c");
        a.close();
        assertThat(c.await()).isTrue();
    }

    @Test
    void whatRunsAlreadyTakesItsSlotEvenWhenNoneIsFree() {
        Slots.Ticket a = slots.request("a");
        Slots.Ticket found = slots.occupy("found");
        Slots.Ticket b = slots.request("b");
        a.close();
        assertThat(b.granted()).isFalse();
        found.close();
        assertThat(b.granted()).isTrue();
    }

    @Test
    void aSlotGivenBackAfterTheEndStartsNobody() {
        Slots slots = new Slots(1);
        Slots.Ticket first = slots.request("first");
        Slots.Ticket second = slots.request("second");
        slots.close();
        first.close();
        assertThat(second.granted()).isFalse();
    }
}
