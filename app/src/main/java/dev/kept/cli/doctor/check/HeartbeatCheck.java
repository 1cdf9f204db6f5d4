package dev.kept.cli.doctor.check;

import dev.kept.status.HumanReadable;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** A check of the daemon's last heartbeat; there is one every few seconds. */
record HeartbeatCheck() implements Check {
    private static final Duration LATE = Duration.ofSeconds(20);

    @Override
    public String id() {
        return "heartbeat";
    }

    @Override
    public List<Finding> examine(Examined kept) throws IOException {
        Optional<Instant> last = kept.report().flatMap(report -> report.daemon().heartbeatAt());
        if (last.isEmpty()) {
            return List.of();
        }
        String words = "heartbeat " + HumanReadable.ago(last.get(), kept.now());
        return List.of(
                Duration.between(last.get(), kept.now()).compareTo(LATE) > 0
                        ? Finding.problem("the last " + words + "; the daemon may hang", "kept restart")
                        : Finding.ok(words));
    }
}
