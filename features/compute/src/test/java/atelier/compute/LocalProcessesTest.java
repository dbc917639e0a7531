package atelier.compute;

import atelier.compute.internal.LocalProcesses;

class LocalProcessesTest extends ProcessesContract {
    @Override
    Processes open() {
        return new LocalProcesses();
    }
}
