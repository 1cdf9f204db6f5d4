package dev.kept.tape;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openjdk.jol.info.ClassLayout;

/** What the sums of a tape cost, as the runtime's own events tell it. */
class SumCostTest {
    private static final int LINE_BYTES = 2_000;
    private static final int BLOCKS = 10;
    private static final long MOST_ALLOCATED = 16;

    @TempDir
    private Path temporary;

    /** Calls and bytes, by the event's name and the file's. */
    private record Counts(Map<String, Integer> calls, Map<String, Long> bytes) {
        int calls(String what) {
            return calls.getOrDefault(what, 0);
        }

        long bytes(String what) {
            return bytes.getOrDefault(what, 0L);
        }
    }

    private interface Work {
        void run() throws IOException;
    }

    private Counts counted(Path folder, Work work) throws IOException {
        Path file = temporary.resolve("events.jfr");
        try (Recording recording = new Recording()) {
            recording.enable("jdk.FileWrite").withoutThreshold();
            recording.enable("jdk.FileRead").withoutThreshold();
            recording.start();
            work.run();
            recording.stop();
            recording.dump(file);
        }
        Counts counts = new Counts(new HashMap<>(), new HashMap<>());
        for (RecordedEvent event : RecordingFile.readAllEvents(file)) {
            Path path = Path.of(String.valueOf(event.getString("path")));
            if (path.startsWith(folder)) {
                boolean write = event.getEventType().getName().equals("jdk.FileWrite");
                String what = (write ? "write " : "read ") + path.getFileName();
                counts.calls().merge(what, 1, Integer::sum);
                counts.bytes().merge(what, event.getLong(write ? "bytesWritten" : "bytesRead"), Long::sum);
            }
        }
        Files.delete(file);
        return counts;
    }

    private static void lines(Tape tape) throws IOException {
        ByteBuffer line = ByteBuffer.allocateDirect(LINE_BYTES);
        for (int left = BLOCKS * SumFile.BLOCK_BYTES; left > 0; left -= LINE_BYTES) {
            tape.append(line.clear());
            tape.force();
        }
    }

    @Test
    void aBlockCostsOneSmallWriteAndATapeIsNotReadForItsSums() throws IOException {
        Path folder = temporary.toRealPath().resolve("t");
        Tape tape = Tape.create(folder, "claude", "t", folder, folder, "key", Instant.EPOCH);
        Counts counts = counted(folder, () -> {
            lines(tape);
            // As when others were used since.
            tape.close();
            lines(tape);
        });
        assertThat(counts.calls("write sums-0001")).isEqualTo(2 * BLOCKS + 1);
        assertThat(counts.bytes("write sums-0001")).isEqualTo(SumFile.HEADER_BYTES + 2 * BLOCKS * SumFile.ENTRY_BYTES);
        assertThat(counts.calls("read 0001.jsonl") + counts.calls("read sums-0001"))
                .isZero();
        tape.close();
        Counts again = counted(folder, () -> {
            try (Tape opened = Tape.open(folder)) {
                lines(opened);
            }
        });
        assertThat(again.bytes("read 0001.jsonl"))
                .as("what is begun of a block, once")
                .isLessThan(SumFile.BLOCK_BYTES);
        assertThat(again.bytes("read sums-0001")).isEqualTo(SumFile.HEADER_BYTES);
    }

    @Test
    void anAppendAllocatesSixteenBytesForItsSum() throws IOException {
        Path folder = temporary.toRealPath().resolve("t");
        ByteBuffer line = ByteBuffer.allocateDirect(10);
        try (Tape tape = Tape.create(folder, "claude", "t", folder, folder, "key", Instant.EPOCH)) {
            for (int i = 0; i < 1000; i++) {
                tape.append(line.clear());
            }
            long before = allocated();
            for (int i = 0; i < 1000; i++) {
                tape.append(line.clear());
            }
            assertThat((allocated() - before) / 1000).isLessThanOrEqualTo(MOST_ALLOCATED);
        }
    }

    private static long allocated() {
        return ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
    }

    @Test
    void aTapeTakesFortyEightBytesForAllThatIsNotItsCard() {
        assertThat(ClassLayout.parseClass(Tape.class).instanceSize()).isLessThanOrEqualTo(48);
    }
}
