package dev.kept.provider.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecordTimeTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "2026-03-01T09:00:00.123Z",
                "2026-03-01T09:00:00Z",
                "2026-03-01T09:00:00.1Z",
                "2026-03-01T09:00:00.123456789Z",
                "2026-03-01T09:00:00.1234567890Z",
                "2026-03-01T09:00:00.Z",
                "2024-02-29T23:59:59.999Z",
                "2026-02-29T00:00:00Z",
                "2026-13-01T00:00:00Z",
                "2026-03-01T24:00:00Z",
                "2026-03-01T23:59:60Z",
                "2026-03-01T10:00:00+01:00",
                "2026-03-01t09:00:00z",
                "2026-03-01T09:00Z",
                "2026-03-01",
                "٢٠٢٦-03-01T09:00:00Z",
                "-2026-03-01T09:00:00Z",
                "+12026-03-01T09:00:00Z",
                "0000-01-01T00:00:00Z",
                "yesterday",
                ""
            })
    void aTimeIsWhatTheRuntimeTakesItFor(String text) {
        assertThat(RecordTime.of(text)).isEqualTo(asTheRuntime(text));
    }

    @Test
    void anyTimeHoweverItIsDamagedIsWhatTheRuntimeTakesItFor() {
        Random random = new Random(3);
        String others = "0123456789-:.TZtz+ x";
        for (int i = 0; i < 200_000; i++) {
            Instant time = Instant.ofEpochSecond(random.nextLong(0, 7_000_000_000L), random.nextInt(1_000_000_000));
            StringBuilder text = new StringBuilder(time.toString());
            for (int hits = random.nextInt(3); hits > 0; hits--) {
                text.setCharAt(random.nextInt(text.length()), others.charAt(random.nextInt(others.length())));
            }
            assertThat(RecordTime.of(text.toString())).as("%s", text).isEqualTo(asTheRuntime(text.toString()));
        }
    }

    private static Optional<Instant> asTheRuntime(String text) {
        try {
            return Optional.of(Instant.parse(text));
        } catch (DateTimeException notATime) {
            return Optional.empty();
        }
    }
}
