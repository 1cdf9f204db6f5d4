package dev.kept.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class ByteSearchTest {
    @Test
    void whateverTheBytesAreItFindsWhatALookAtEachOfThemFinds() {
        Random random = new Random(1);
        for (int round = 0; round < 20_000; round++) {
            byte[] bytes = new byte[random.nextInt(40)];
            for (int i = 0; i < bytes.length; i++) {
                // Near the wanted one, and its sessionRegistry with other highest bits.
                bytes[i] = (byte) ('?' + random.nextInt(40) - 1 + (random.nextBoolean() ? 128 : 0));
            }
            int from = bytes.length == 0 ? 0 : random.nextInt(bytes.length);
            int to = from + random.nextInt(bytes.length - from + 1);
            int expected = from;
            while (expected < to && bytes[expected] != '?') {
                expected++;
            }
            assertThat(ByteSearch.indexOf('?', bytes, from, to)).isEqualTo(expected);
        }
    }
}
