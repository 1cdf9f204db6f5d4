package dev.kept.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kept.model.ConversationEvent;
import dev.kept.testing.EventGenerator;
import dev.kept.testing.Generator;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class EventLogTest {
    private record Remembered(PackedEvents view, List<ConversationEvent> expected) {
        void check() {
            assertThat(view).hasSize(expected.size());
            for (int i = 0; i < expected.size(); i++) {
                assertThat(view.get(i)).isEqualTo(expected.get(i));
            }
        }
    }

    @Test
    void everyEventOfEveryKindIsUnpackedAsItWasPacked() {
        Generator.forSeeds(300, random -> {
            EventGenerator events = new EventGenerator(random);
            for (int kind = 0; kind < EventGenerator.KINDS; kind++) {
                ConversationEvent event = events.event(kind);
                ByteSink sink = new ByteSink();
                EventCodec.write(event, sink);
                byte[] packed = new byte[sink.length() + 3];
                sink.copyTo(packed, 3);
                assertThat(EventCodec.read(new ByteCursor(packed, 3))).isEqualTo(event);
            }
        });
    }

    @Test
    void theSinkGivesBackWhatALargeEventTook() {
        ByteSink sink = new ByteSink();
        long before = sink.heapBytes(HeapLayout.COMPACT_HEADERS);
        sink.text("x".repeat(1_000_000));
        sink.clear();
        assertThat(sink.length()).isZero();
        assertThat(sink.heapBytes(HeapLayout.COMPACT_HEADERS)).isBetween(before, 70_000L);
    }

    @Test
    void viewsStayWhatTheyWereWhileTheLogGrowsDropsAndClears() {
        Generator.forSeeds(30, random -> {
            EventGenerator events = new EventGenerator(random);
            EventLog log = new EventLog(HeapLayout.COMPACT_HEADERS);
            ByteSink sink = new ByteSink();
            List<ConversationEvent> model = new ArrayList<>();
            List<Remembered> views = new ArrayList<>();
            for (int step = 0; step < 300; step++) {
                switch (random.below(20)) {
                    case 0 -> {
                        int dropped = log.dropFirstChunk();
                        model.subList(0, dropped).clear();
                    }
                    case 1 -> {
                        if (random.oneIn(4)) {
                            assertThat(log.clear()).isEqualTo(model.size());
                            model.clear();
                        }
                    }
                    default -> {
                        ConversationEvent event = events.event();
                        sink.clear();
                        EventCodec.write(event, sink);
                        log.append(sink);
                        model.add(event);
                    }
                }
                assertThat(log.count()).isEqualTo(model.size());
                if (random.oneIn(6)) {
                    views.add(new Remembered(log.view(), List.copyOf(model)));
                }
            }
            views.forEach(Remembered::check);
        });
    }

    @Test
    void addressesStartOverBeforeTheyLeaveTheirRange() {
        EventLog log = new EventLog(HeapLayout.COMPACT_HEADERS);
        ByteSink sink = new ByteSink();
        EventCodec.write(EventGenerator.userMessage("x".repeat(900_000)), sink);
        int appended = 0;
        // Past the range of an address, twice, while only a few chunks are held.
        while ((long) appended * sink.length() < 5L << 30) {
            log.append(sink);
            appended++;
            if (log.count() > 4) {
                assertThat(log.dropFirstChunk()).isEqualTo(1);
            }
        }
        PackedEvents view = log.view();
        assertThat(view).hasSize(4).allMatch(EventGenerator.userMessage("x".repeat(900_000))::equals);
    }

    @Test
    void theLastChunkIsNotGivenUp() {
        EventLog log = new EventLog(HeapLayout.COMPACT_HEADERS);
        assertThat(log.dropFirstChunk()).isZero();
        ByteSink sink = new ByteSink();
        EventCodec.write(EventGenerator.userMessage("a"), sink);
        log.append(sink);
        assertThat(log.dropFirstChunk()).isZero();
        assertThat(log.view()).containsExactly(EventGenerator.userMessage("a"));
    }

    @Test
    void aViewCannotBeChangedAndHasNothingBeyondItsEnd() {
        EventLog log = new EventLog(HeapLayout.COMPACT_HEADERS);
        ByteSink sink = new ByteSink();
        EventCodec.write(EventGenerator.userMessage("a"), sink);
        log.append(sink);
        PackedEvents view = log.view();
        log.append(sink);
        assertThat(view).hasSize(1);
        assertThatThrownBy(() -> view.get(1)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> view.add(EventGenerator.userMessage("b")))
                .isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(view::removeFirst).isInstanceOf(UnsupportedOperationException.class);
    }
}
