package dev.kept.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DescriptorLimitTest {
    private static List<String> limits(String soft) {
        return List.of(
                "Limit                     Soft Limit           Hard Limit           Units     ",
                "Max processes             30000                30000                processes ",
                "Max open files            " + soft + "                 4096                 files     ");
    }

    @ParameterizedTest
    @CsvSource({"32, 2", "64, 4", "100, 16", "256, 64", "1024, 64", "1073741816, 64", "unlimited, 64"})
    void theOpenTapesFollowTheSoftLimit(String soft, int tapes) {
        assertThat(DescriptorLimit.openTapes(limits(soft))).isEqualTo(tapes);
    }

    @Test
    void withoutALimitThatCanBeReadThereAreTheMost() {
        assertThat(DescriptorLimit.openTapes(List.of())).isEqualTo(64);
    }
}
