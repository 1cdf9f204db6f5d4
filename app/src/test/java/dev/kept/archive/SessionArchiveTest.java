package dev.kept.archive;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SessionArchiveTest {
    private static final String ID = "1aaa0000-0000-4000-8000-000000000001";
    private static final String OTHER = "2bbb0000-0000-4000-8000-000000000002";

    @TempDir
    private Path temporary;

    private Tapes tapes;

    @BeforeEach
    void home() throws IOException {
        tapes = new Tapes(temporary);
    }

    private static final class Counted implements SessionArchive.Progress {
        private long tapes;
        private long read;

        @Override
        public void begin(long count, long bytes) {
            tapes = count;
        }

        @Override
        public void read(long bytes) {
            read += bytes;
        }
    }

    @Test
    void aSessionIsWhatItsTapesTellTheMainLineFirst() throws Exception {
        Path agent = tapes.source(ID).resolveSibling(ID + "/subagents/agent-x.jsonl");
        tapes.append(agent, Tapes.typed(ID, 5, "do it").replace("\"isSidechain\":false", "\"isSidechain\":true"));
        tapes.append(tapes.source(ID), Tapes.typed(ID, 0, "first words") + Tapes.typed(ID, 1, "more"));

        StoredSession session = tapes.session(ID);

        assertThat(session.tapes()).extracting(StoredTape::isMainBranch).containsExactly(true, false);
        assertThat(session.name()).isEqualTo("first words");
        assertThat(session.metadata().workingDirectory()).isEqualTo("/work");
        assertThat(session.metadata().eventCount()).isEqualTo(3);
        assertThat(session.metadata().firstEventAt()).contains(Instant.parse("2026-05-01T00:00:00Z"));
        assertThat(session.metadata().lastEventAt()).contains(Instant.parse("2026-05-06T00:00:00Z"));
        assertThat(session.metadata().sourcePresent()).isFalse();
    }

    @Test
    void filesOfAConversationThatWereMadeAtOnceAreInTheOrderOfTheirNames() throws Exception {
        for (int number : List.of(3, 1, 4, 0, 2)) {
            Path file = tapes.source(ID).resolveSibling("file-" + number + ".jsonl");
            tapes.append(file, Tapes.typed(ID, number, "turn-" + number));
        }

        assertThat(tapes.session(ID).conversation())
                .extracting(tape -> tape.manifest().path().getFileName().toString())
                .containsExactly("file-0.jsonl", "file-1.jsonl", "file-2.jsonl", "file-3.jsonl", "file-4.jsonl");
    }

    @Test
    void onlyWhatGrewIsReadAgain() throws Exception {
        tapes.append(tapes.source(ID), Tapes.typed(ID, 0, "one"));
        tapes.append(tapes.source(OTHER), Tapes.typed(OTHER, 0, "two"));
        Counted first = new Counted();
        tapes.archive().sessions(first);
        assertThat(first.tapes).isEqualTo(2);

        Counted again = new Counted();
        List<StoredSession> known = tapes.archive().sessions(again);
        assertThat(again.read).isZero();

        tapes.append(tapes.source(OTHER), Tapes.typed(OTHER, 1, "three"));
        Counted grown = new Counted();
        assertThat(tapes.archive().sessions(grown))
                .filteredOn(session -> session.key().sessionId().equals(OTHER))
                .singleElement()
                .satisfies(
                        session -> assertThat(session.metadata().eventCount()).isEqualTo(2));
        assertThat(grown.tapes).isEqualTo(1);
        assertThat(known).hasSize(2);
    }

    @Test
    void theCacheSaysWhatTheTapesSayAndMayGoOrBeNonsense() throws Exception {
        tapes.append(tapes.source(ID), Tapes.typed(ID, 0, "“quoted” \\\\ \\uD83D\\uDE00"));
        StoredSession read = tapes.session(ID);
        StoredSession cached = tapes.session(ID);
        assertThat(cached.metadata()).isEqualTo(read.metadata());

        Path cache = tapes.home().state().resolve("sessions.jsonl");
        for (String nonsense : List.of("", "{", "[1]\n", "{\"version\":1}\n", "\u0000\u0000")) {
            Files.writeString(cache, nonsense);
            assertThat(tapes.session(ID).metadata()).isEqualTo(read.metadata());
        }
        Files.delete(cache);
        assertThat(tapes.session(ID).metadata()).isEqualTo(read.metadata());
    }

    @Test
    void aDamagedTapeIsToldAndHidesNoOther() throws Exception {
        tapes.append(tapes.source(ID), Tapes.typed(ID, 0, "one"));
        Path damaged = tapes.append(tapes.source(OTHER), "x\n");
        Files.writeString(damaged.resolve("source.json"), "{");

        SessionArchive archive = tapes.archive();

        assertThat(archive.sessions(SessionArchive.Progress.NONE)).hasSize(1);
        assertThat(archive.damaged()).extracting(SessionArchive.Damage::folder).containsExactly(damaged);
    }

    @Test
    void aBeginningOfAnIdReadsNoOtherTape() throws Exception {
        tapes.append(tapes.source(ID), Tapes.typed(ID, 0, "one"));
        tapes.append(tapes.source(OTHER), Tapes.typed(OTHER, 0, "two"));
        Counted counted = new Counted();

        assertThat(tapes.archive().sessionsLike("1aaa", counted)).hasSize(1);

        assertThat(counted.tapes).isEqualTo(1);
    }
}
