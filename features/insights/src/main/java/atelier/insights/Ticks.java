package atelier.insights;

/// Who calls housekeeping once a second; injected, so that tests tick by hand.
@FunctionalInterface
public interface Ticks {
    /// Calls `work` about once a second from now on; `work` does not throw.
    void everySecond(Runnable work);
}
