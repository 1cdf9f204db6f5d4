package dev.kept.ingest.watch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RescanScheduleTest {
    private static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");

    private static long sweepsOfTwenty(int source, boolean everything, boolean soon, Duration rested) {
        return IntStream.range(-7, 13)
                .mapToObj(number -> new RescanSchedule(number, everything, NOW))
                .filter(round -> round.includes(source, soon, NOW.minus(rested).toEpochMilli()))
                .count();
    }

    @Test
    void aFileThatRestsForADayIsLookedAtInEveryTenthSweepWhateverItsNumber() {
        for (int source = 0; source < 50; source++) {
            assertThat(sweepsOfTwenty(source, false, false, Duration.ofHours(24)))
                    .isEqualTo(2);
        }
    }

    @Test
    void aPartOfThemIsLookedAtInEachSweep() {
        for (int number = 0; number < 30; number++) {
            RescanSchedule round = new RescanSchedule(number, false, NOW);
            assertThat(IntStream.range(0, 1_000).filter(source -> round.includes(source, false, 0)))
                    .hasSize(100);
        }
    }

    @Test
    void whatWasTouchedOrChangedLatelyOrIsNotReportedIsLookedAtInEach() {
        assertThat(sweepsOfTwenty(3, false, true, Duration.ofDays(400))).isEqualTo(20);
        assertThat(sweepsOfTwenty(3, false, false, Duration.ofHours(24).minusMillis(1)))
                .isEqualTo(20);
        assertThat(sweepsOfTwenty(3, true, false, Duration.ofDays(400))).isEqualTo(20);
    }
}
