package dev.kept.cli.doctor.check;

import dev.kept.status.HumanReadable;
import dev.kept.status.StatusReport;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** A check of the daemon's memory use against its limit. */
record MemoryCheck() implements Check {
    @Override
    public String id() {
        return "memory";
    }

    @Override
    public List<Finding> examine(Examined kept) throws IOException {
        Optional<StatusReport.Memory> memory = kept.report().map(StatusReport::memory);
        if (memory.isEmpty()) {
            return List.of();
        }
        String used = HumanReadable.bytes(memory.get().process().rss()) + " of "
                + HumanReadable.bytes(memory.get().daemonMaxMemoryBytes());
        return List.of(
                memory.get().overBudget()
                        ? Finding.problem(
                                used + " are used", "raise daemonMaxMemoryMb in config.yaml, then: kept restart")
                        : Finding.ok("memory " + used));
    }
}
