package dev.kept.ingest.copy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class CopyChecksTest {
    @Test
    void eachSourceHasItsTurnOnceInARoundHoweverTheSweepsCutIt() {
        Random random = new Random(20261130);
        for (int source = 0; source < 300; source++) {
            long minute = 29_000_000L + random.nextInt(1_000_000);
            long end = minute + CopyChecks.ROUND_MINUTES;
            int turns = 0;
            while (minute < end) {
                long to = Math.min(end - 1, minute + random.nextInt(90));
                turns += CopyChecks.hasTurn(source, minute, to) ? 1 : 0;
                minute = to + 1;
            }
            assertThat(turns).as("turns of source %d", source).isEqualTo(1);
        }
    }

    @Test
    void aRoundIsShorterThanADayAndMovesThroughItsHours() {
        assertThat(CopyChecks.ROUND_MINUTES).isLessThan(24 * 60);
        boolean[] hours = new boolean[24];
        for (long day = 0; day < 96; day++) {
            hours[(int) (day * CopyChecks.ROUND_MINUTES / 60 % 24)] = true;
        }
        assertThat(hours).doesNotContain(false);
    }
}
