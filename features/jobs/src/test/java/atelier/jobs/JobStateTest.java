package atelier.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import atelier.jobs.JobState.Active;
import atelier.jobs.Jobs.Outcome;
import org.junit.jupiter.api.Test;

class JobStateTest {
    @Test
    void aJobGoesForwardAndMayQueueAgainAfterItsPreparation() {
        assertThat(new JobState.Queued().advance("Preparing")).contains(new JobState.Preparing());
        assertThat(new JobState.Preparing().advance("Queued")).contains(new JobState.Queued());
        assertThat(new JobState.Running().advance("Queued")).isEmpty();
        assertThat(new JobState.Running().advance("Completed")).isEmpty();
    }

    @Test
    void afterACancellationNothingStartsAndAFailureIsACancellation() {
        Active asked = new JobState.Running().requestCancel();
        assertThat(asked.advance("Finalizing")).isEmpty();
        assertThat(asked.end(new Outcome.Failed("UserError", "killed"))).isEqualTo(new JobState.Canceled());
        assertThat(asked.end(new Outcome.Completed())).isEqualTo(new JobState.Completed());
    }

    @Test
    void statesAreStoredByAzuresNames() {
        for (String status : new String[] {
            "Queued",
            "Preparing",
            "Starting",
            "Running",
            "Finalizing",
            "CancelRequested",
            "Completed",
            "Failed",
            "Canceled"
        }) {
            assertThat(JobState.of(status, "code", "message").status()).isEqualTo(status);
        }
    }
}
