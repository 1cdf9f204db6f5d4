package dev.kept.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A soak of seconds: {@code benchmarks/soak} goes on for minutes, and sees whether something grows. */
@Timeout(400)
class SoakIT {
    private static final long SEED = Long.getLong("kept.seed", 20_261_122L);

    @Test
    void nothingIsLostOrDoubledWhileFilesAreTurnedOverAndTheDaemonIsKilled() throws Exception {
        Soak.Result result = Soak.run(Duration.ofSeconds(20), SEED);

        assertThat(result.losses()).isEmpty();
    }
}
