package dev.kept.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Idle costs, watched in short: {@code benchmarks/idle-soak} watches for minutes, and the processor too. */
@Timeout(120)
class IdleIT {
    @Test
    void aDaemonWithNothingToDoCollectsNothingAndWritesNextToNothing() throws Exception {
        IdleSoak.Result result = IdleSoak.run(1, Duration.ofSeconds(8), Duration.ofSeconds(15), false);

        assertThat(result.missed()).isEmpty();
    }
}
