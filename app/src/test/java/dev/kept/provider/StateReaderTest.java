package dev.kept.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kept.agents.claude.ClaudeProvider;
import dev.kept.provider.decode.SourceDecoder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class StateReaderTest {
    @Test
    void everyPartComesBackAsItWasWritten() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        StateWriter out = new StateWriter(bytes);
        List<Long> numbers = List.of(0L, -1L, 63L, 64L, -65L, Long.MAX_VALUE, Long.MIN_VALUE);
        List<String> texts = List.of("", "plain", "\u00e4 \ud83c\udf5e", "lone \ud83c surrogate");
        Map<String, Boolean> flags = new LinkedHashMap<>();
        flags.put("b", true);
        flags.put("a", false);
        out.all(numbers, out::number);
        out.all(numbers, out::bits);
        out.all(texts, out::text);
        out.all(flags, StateWriter::flag);

        StateReader in = new StateReader(bytes.toByteArray());
        assertThat(in.all(StateReader::number)).isEqualTo(numbers);
        assertThat(in.all(StateReader::bits)).isEqualTo(numbers);
        assertThat(in.all(StateReader::text)).isEqualTo(texts);
        Map<String, Boolean> read = new LinkedHashMap<>();
        in.all(StateReader::flag, read::put);
        assertThat(read).containsExactlyEntriesOf(flags);
        assertThat(in.remaining()).isZero();
    }

    @Test
    void aStateThatIsCutOffIsSaidToBe() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        StateWriter out = new StateWriter(bytes);
        out.text("twelve bytes");
        for (int length = 0; length < bytes.toByteArray().length; length++) {
            byte[] cut = java.util.Arrays.copyOf(bytes.toByteArray(), length);
            assertThatThrownBy(() -> new StateReader(cut).text())
                    .isInstanceOf(IOException.class)
                    .hasMessageStartingWith("not a state: ");
        }
    }

    @Test
    void aDamagedStateIsRefusedOrReadAndNothingElse() {
        Random random = new Random(5);
        SourceDecoder reading = new SourceDecoder(new ClaudeProvider(), Readings.MAIN);
        byte[] line =
                ("{\"type\":\"assistant\",\"uuid\":\"u1\",\"cwd\":\"/home/mira\",\"message\":{\"id\":\"m\",\"usage\":"
                                + "{\"output_tokens\":5},\"content\":[{\"type\":\"text\",\"text\":\"Hello.\"}]}}\n")
                        .getBytes(StandardCharsets.UTF_8);
        reading.accept(line, 0, line.length, _ -> {});
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        StateWriter out = new StateWriter(bytes);
        reading.save(out);
        int refused = 0;
        for (int i = 0; i < 20_000; i++) {
            byte[] damaged = bytes.toByteArray();
            for (int hits = random.nextInt(4); hits >= 0; hits--) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
            }
            try {
                SourceDecoder.restore(new ClaudeProvider(), Readings.MAIN, 1, line.length, new StateReader(damaged))
                        .accept(line, 0, line.length, _ -> {});
            } catch (IOException e) {
                refused++;
            }
        }
        assertThat(refused).isPositive();
    }
}
