package dev.kept.tape;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kept.testing.Generator;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

class Crc32cTest {
    private static int whole(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return (int) crc.getValue();
    }

    @Test
    void thatOfPiecesIsThatOfTheWholeHoweverItIsCut() {
        Generator.forSeeds(300, random -> {
            byte[] bytes = random.bytes(random.oneIn(4) ? random.below(300_000) : random.below(100));
            int sum = 0;
            int at = 0;
            while (at < bytes.length) {
                int count = random.oneIn(3) ? 1 : random.between(1, bytes.length - at);
                int piece = random.oneIn(2)
                        ? Crc32c.of(bytes, at, count)
                        : Crc32c.of(ByteBuffer.wrap(Arrays.copyOfRange(bytes, at, at + count)));
                sum = Crc32c.join(sum, piece, count);
                at += count;
            }
            assertThat(sum).isEqualTo(whole(bytes));
        });
    }

    @Test
    void nothingBeforeOrBehindChangesNothing() {
        byte[] bytes = new Generator(7).bytes(1000);
        int sum = whole(bytes);
        assertThat(Crc32c.of(new byte[0], 0, 0)).isZero();
        assertThat(Crc32c.join(0, sum, bytes.length)).isEqualTo(sum);
        assertThat(Crc32c.join(sum, 0, 0)).isEqualTo(sum);
    }
}
