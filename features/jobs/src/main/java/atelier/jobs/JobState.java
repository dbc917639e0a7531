package atelier.jobs;

import atelier.jobs.Jobs.Outcome;
import java.util.Optional;

/// The states of a job and the ways between them, in Azure Machine Learning's names. What an active state
/// does not
/// allow is answered with nothing: after a cancellation was asked for, a late `Running` is no error, only
/// too late.
public sealed interface JobState {
    /// Azure's name.
    default String status() {
        return getClass().getSimpleName();
    }

    /// Not ended yet.
    sealed interface Active extends JobState {
        /// The next state, when this one leads there.
        Optional<Active> advance(String status);

        default CancelRequested requestCancel() {
            return new CancelRequested();
        }

        default Ended end(Outcome outcome) {
            return switch (outcome) {
                case Outcome.Completed() -> new Completed();
                case Outcome.Failed(String code, String message) -> new Failed(code, message);
                case Outcome.Canceled() -> new Canceled();
            };
        }
    }

    /// Nothing follows.
    sealed interface Ended extends JobState {}

    /// Accepted; waits for its turn.
    record Queued() implements Active {
        @Override
        public Optional<Active> advance(String status) {
            return switch (status) {
                case "Preparing" -> Optional.of(new Preparing());
                case "Starting" -> Optional.of(new Starting());
                case "Running" -> Optional.of(new Running());
                case "Finalizing" -> Optional.of(new Finalizing());
                default -> Optional.empty();
            };
        }
    }

    /// Its environment is built or its inputs are fetched.
    record Preparing() implements Active {
        @Override
        public Optional<Active> advance(String status) {
            return status.equals("Queued")
                    ? Optional.of(new Queued())
                    : new Queued().advance(status).filter(next -> !(next instanceof Preparing));
        }
    }

    /// Its process is being started.
    record Starting() implements Active {
        @Override
        public Optional<Active> advance(String status) {
            return switch (status) {
                case "Running" -> Optional.of(new Running());
                case "Finalizing" -> Optional.of(new Finalizing());
                default -> Optional.empty();
            };
        }
    }

    /// Its command or its steps run.
    record Running() implements Active {
        @Override
        public Optional<Active> advance(String status) {
            return status.equals("Finalizing") ? Optional.of(new Finalizing()) : Optional.empty();
        }
    }

    /// The command ended; outputs are being kept.
    record Finalizing() implements Active {
        @Override
        public Optional<Active> advance(String status) {
            return Optional.empty();
        }
    }

    /// The end was asked for; what runs is being ended.
    record CancelRequested() implements Active {
        @Override
        public Optional<Active> advance(String status) {
            return Optional.empty();
        }

        @Override
        public CancelRequested requestCancel() {
            return this;
        }

        /// A command that is killed fails: that is what was asked for.
        @Override
        public Ended end(Outcome outcome) {
            return outcome instanceof Outcome.Completed ? new Completed() : new Canceled();
        }
    }

    record Completed() implements Ended {}

    record Failed(String code, String message) implements Ended {}

    record Canceled() implements Ended {}

    /// The state of a stored name.
    static JobState of(String status, String code, String message) {
        return switch (status) {
            case "Queued", "NotStarted" -> new Queued();
            case "Preparing" -> new Preparing();
            case "Starting" -> new Starting();
            case "Running" -> new Running();
            case "Finalizing" -> new Finalizing();
            case "CancelRequested" -> new CancelRequested();
            case "Completed" -> new Completed();
            case "Failed" -> new Failed(code, message);
            case "Canceled" -> new Canceled();
            default -> throw new IllegalArgumentException("No state of a job: " + status);
        };
    }
}
