package dev.kept.daemon.source;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kept.agents.claude.ClaudeProvider;
import dev.kept.model.ConversationEvent;
import dev.kept.provider.Provider;
import dev.kept.provider.SourceKind;
import dev.kept.provider.decode.SourceDecoder;
import dev.kept.testing.TestClock;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DecoderSwapTest {
    private static final Provider CLAUDE = new ClaudeProvider();
    private static final SourceKind.Session SESSION =
            new SourceKind.Session(Optional.of("a"), "main", SourceKind.Layout.LINES);
    private static final long LITTLE = 8 * 1024;

    @TempDir
    private Path folder;

    private final TestClock clock = new TestClock(Instant.parse("2026-03-01T09:00:00Z"));
    private final List<IOException> trouble = new ArrayList<>();
    private SwapFile file;
    private DecoderSwap swap;

    @BeforeEach
    void open() throws IOException {
        file = new SwapFile(folder);
        swap = new DecoderSwap(file, LITTLE, clock, trouble::add);
    }

    @AfterEach
    void close() throws IOException {
        swap.close();
    }

    @Test
    void readingsThatAreParkedAgainAndAgainTellWhatTheyTellInMemory() {
        Random random = new Random(20260301);
        List<SourceDecoder> plain = new ArrayList<>();
        List<DecoderSwap.Held> held = new ArrayList<>();
        List<String> rests = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            rests.add("");
            plain.add(new SourceDecoder(CLAUDE, SESSION));
            held.add(swap.fresh(CLAUDE, SESSION));
        }
        long inMemory = 0;
        long sum = 0;
        for (int turn = 0; turn < 20_000; turn++) {
            int source = random.nextInt(plain.size());
            // Often an id that was told before, now and then half a line.
            String next = rests.get(source).isEmpty() ? line(source + "-" + random.nextInt(400)) : rests.get(source);
            int cut = random.nextInt(20) == 0 ? random.nextInt(next.length()) : next.length();
            rests.set(source, next.substring(cut));
            byte[] bytes = next.substring(0, cut).getBytes(StandardCharsets.UTF_8);
            List<ConversationEvent> expected = new ArrayList<>();
            plain.get(source).accept(bytes, 0, bytes.length, record -> expected.addAll(record.events()));
            assertThat(read(held.get(source), bytes)).isEqualTo(expected);
            clock.pass(Duration.ofMillis(random.nextInt(20)));
            swap.swapOutIdle();
            inMemory += swap.recharge();
            sum += inMemory;
        }
        long unparked = plain.stream().mapToLong(SourceDecoder::heldBytes).sum();
        assertThat(sum / 20_000).as("bytes in memory on average").isLessThan(unparked / 4);
        assertThat(trouble).isEmpty();
    }

    @Test
    void whatIsToldIsKnownWhileItIsParked() {
        DecoderSwap.Held first = swap.fresh(CLAUDE, SESSION);
        String told = read(first, line("told").getBytes(StandardCharsets.UTF_8))
                .getFirst()
                .header()
                .eventId();
        byte[] before = stateOf(first);
        fill(30);
        assertThat(first.stateBytes()).as("parked").isEqualTo(before.length);
        assertThat(stateOf(first)).isEqualTo(before);
        assertThat(first.hasRead(told)).isTrue();
        assertThat(first.hasRead(told + "?")).isFalse();
    }

    @Test
    void aReadingInTheMiddleOfALineIsNotParked() {
        DecoderSwap.Held waiting = swap.fresh(CLAUDE, SESSION);
        String line = line("halved");
        read(waiting, line.substring(0, 40).getBytes(StandardCharsets.UTF_8));
        fill(30);
        assertThat(read(waiting, line.substring(40).getBytes(StandardCharsets.UTF_8)))
                .hasSize(1);
    }

    @Test
    void placesAreUsedAgain() {
        fill(30);
        long length = file.length();
        for (int i = 0; i < 50; i++) {
            fill(30);
        }
        // Those of the first are all parked by now; what moves in and out afterwards takes no room.
        List<DecoderSwap.Held> some = fill(30);
        long later = file.length();
        for (int i = 0; i < 2_000; i++) {
            some.get(i % some.size()).hasRead("x");
            clock.pass(Duration.ofSeconds(1));
            swap.swapOutIdle();
        }
        assertThat(later).isGreaterThan(length);
        assertThat(file.length()).isEqualTo(later);
    }

    @Test
    void withoutTheFileReadingGoesOnAndItIsSaid() throws IOException {
        List<DecoderSwap.Held> all = fill(30);
        file.close();
        byte[] next = line("next").getBytes(StandardCharsets.UTF_8);
        for (DecoderSwap.Held held : all) {
            assertThat(read(held, next)).hasSize(1);
            swap.swapOutIdle();
        }
        assertThat(trouble).isNotEmpty();
    }

    @Test
    void theFileHasNoName() throws IOException {
        fill(30);
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).isEmpty();
        }
    }

    private List<DecoderSwap.Held> fill(int sources) {
        List<DecoderSwap.Held> all = new ArrayList<>();
        for (int i = 0; i < sources; i++) {
            DecoderSwap.Held held = swap.fresh(CLAUDE, SESSION);
            for (int event = 0; event < 20; event++) {
                read(held, line(i + "-" + event).getBytes(StandardCharsets.UTF_8));
            }
            all.add(held);
            clock.pass(Duration.ofSeconds(1));
            swap.swapOutIdle();
        }
        return all;
    }

    private static List<ConversationEvent> read(DecoderSwap.Held held, byte[] bytes) {
        List<ConversationEvent> events = new ArrayList<>();
        held.use(reading -> reading.accept(bytes, 0, bytes.length, record -> events.addAll(record.events())));
        return events;
    }

    private static byte[] stateOf(DecoderSwap.Held held) {
        try {
            return held.state();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static String line(String id) {
        return "{\"type\":\"user\",\"uuid\":\"" + id + "\",\"parentUuid\":null,\"isSidechain\":false,"
                + "\"promptSource\":\"typed\",\"origin\":{\"kind\":\"human\"},\"sessionId\":\"a\","
                + "\"timestamp\":\"2026-03-01T09:00:00Z\",\"message\":{\"role\":\"user\",\"content\":\"words\"}}\n";
    }

    @Test
    void linesThatDoNotEndHoldBoundedMemoryHoweverManyFilesHaveThem() {
        DecoderSwap.Held small = swap.fresh(CLAUDE, SESSION);
        String line = line("small");
        read(small, line.substring(0, 20).getBytes(StandardCharsets.UTF_8));
        byte[] part = ("[" + "\"x\",".repeat(16_000)).getBytes(StandardCharsets.UTF_8);
        List<DecoderSwap.Held> large = new ArrayList<>();
        long charged = 0;
        for (int i = 0; i < 100; i++) {
            DecoderSwap.Held held = swap.fresh(CLAUDE, SESSION);
            large.add(held);
            for (int more = 0; more < 5; more++) {
                read(held, part);
                charged += swap.recharge();
                assertThat(charged).isLessThan(12L * 1024 * 1024);
            }
        }
        byte[] end = "\n".getBytes(StandardCharsets.UTF_8);
        List<ConversationEvent> told = new ArrayList<>();
        for (DecoderSwap.Held held : large) {
            told.addAll(read(held, end));
        }
        assertThat(told)
                .hasSize(100)
                .allSatisfy(event ->
                        assertThat(event.header().source().recordType()).isEqualTo("too large"));
        // What is small goes on waiting.
        assertThat(read(small, line.substring(20).getBytes(StandardCharsets.UTF_8)))
                .singleElement()
                .isInstanceOf(ConversationEvent.UserMessage.class);
    }
}
