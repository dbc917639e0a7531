package atelier.identity;

import atelier.kernel.Caller;
import java.time.Duration;
import java.util.function.Predicate;

/// Issues and checks bearer tokens.
public interface Tokens {
    /// The one tenant of an installation; every token names it.
    String TENANT = "00000000-0000-0000-0000-0000000a7e11";

    /// A signed JWT for `caller`, good for `audience` (the `aud` claim, word for word) during `life`.
    String issue(Caller caller, String audience, Duration life);

    /// Who carries this token: the owner's token or a JWT issued here.
    ///
    /// @throws atelier.kernel.Problem.Unauthenticated when it does not hold
    Caller verify(String token);

    /// Tokens of callers for whom `ended` holds are refused from now on: a job's token ends with the job.
    default void refuseWhen(Predicate<Caller> ended) {}

    /// The person this installation belongs to.
    Caller owner();

    /// The owner's own token, made at first start; it does not expire.
    String ownerToken();
}
