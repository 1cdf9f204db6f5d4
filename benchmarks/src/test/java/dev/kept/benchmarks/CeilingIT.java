package dev.kept.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;

/** The ceiling, tried in short: {@code benchmarks/memory-ceiling} tries it in full. */
@Timeout(300)
class CeilingIT {
    private static final int CEILING_MB = 128;
    private static final int SMALLEST_CEILING_MB = 96;

    private static MemoryCeiling.Result run(Scenario scenario, int ceilingMb) throws IOException {
        try {
            return MemoryCeiling.run(scenario, ceilingMb);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    @TestFactory
    Stream<DynamicTest> theProcessStaysUnderItsCeiling() {
        return Scenarios.quick().stream()
                .map(scenario -> DynamicTest.dynamicTest(scenario.name(), () -> {
                    MemoryCeiling.Result result = run(scenario, CEILING_MB);
                    assertThat(result.trouble()).isEmpty();
                    assertThat(result.peakKb()).isPositive().isLessThanOrEqualTo(result.ceilingKb());
                    assertThat(result.answers()).isPositive();
                }));
    }

    @Test
    void underLoadEventsAreEvictedAndAnEvictedSessionIsExportedWhole() throws Exception {
        MemoryCeiling.Result result = run(new ExportOfEvicted(100, 150), SMALLEST_CEILING_MB);

        assertThat(result.trouble()).isEmpty();
        assertThat(result.evictions()).isPositive();
        assertThat(result.peakKb()).isPositive().isLessThanOrEqualTo(result.ceilingKb());
    }
}
