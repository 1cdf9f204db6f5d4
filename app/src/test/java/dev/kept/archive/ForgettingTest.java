package dev.kept.archive;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kept.recording.journal.JournalEntry;
import dev.kept.recording.journal.JournalFiles;
import dev.kept.tape.Tombstones;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ForgettingTest {
    private static final String ID = "1aaa0000-0000-4000-8000-000000000001";
    private static final String OTHER = "2bbb0000-0000-4000-8000-000000000002";

    @TempDir
    private Path temporary;

    private Tapes tapes;

    @BeforeEach
    void twoSessions() throws IOException {
        tapes = new Tapes(temporary);
        for (String id : List.of(ID, OTHER)) {
            tapes.append(tapes.source(id), Tapes.typed(id, 0, "words"));
            new JournalFiles(tapes.home().journals())
                    .append(
                            tapes.session(id).key(),
                            List.of(new JournalEntry.DestinationSet(temporary.resolve("note.md"))),
                            true);
        }
    }

    private Path journal(String id) {
        return tapes.home().journals().resolve("claude/" + id + ".jsonl");
    }

    @Test
    void nothingOfASessionStaysButAMarkWithoutContent() throws Exception {
        Forgetting forgetting = new Forgetting(tapes.home());
        Files.writeString(journal(ID).resolveSibling(ID + ".x.0.intent"), "words");

        forgetting.request(List.of(tapes.session(ID)));
        assertThat(tapes.find(ID)).isPresent();
        forgetting.carryOut(Tapes.NOW);

        assertThat(tapes.find(ID)).isEmpty();
        assertThat(tapes.find(OTHER)).isPresent();
        assertThat(journal(ID)).doesNotExist();
        assertThat(journal(ID).resolveSibling(ID + ".x.0.intent")).doesNotExist();
        assertThat(journal(OTHER)).exists();
        assertThat(forgetting.isRequested()).isFalse();
        Tombstones tombstones = Tombstones.open(tapes.home().tapes());
        assertThat(tombstones.contains("claude", tapes.source(ID))).isTrue();
        assertThat(tombstones.contains("claude", tapes.source(OTHER))).isFalse();
        assertThat(tombstones.contains("codex", tapes.source(ID))).isFalse();
        assertThat(Files.readString(tapes.home().tapes().resolve("forgotten")))
                .matches("2026-06-01T12:00:00Z [0-9a-f]{64}\n(2026-06-01T12:00:00Z session [0-9a-f]{64}\n){2}");
        assertThat(tombstones.containsSession("claude", ID)).isTrue();
        assertThat(tombstones.containsSession("claude", OTHER)).isFalse();
        assertThat(tombstones.containsSession("codex", ID)).isFalse();
        assertThat(tombstones.count()).isEqualTo(1);
    }

    @Test
    void whatACrashInterruptedIsDoneAgain() throws Exception {
        Forgetting forgetting = new Forgetting(tapes.home());
        StoredSession session = tapes.session(ID);
        forgetting.request(List.of(session));
        Path request = tapes.home().run().resolve("forget.json");
        String requested = Files.readString(request);
        forgetting.carryOut(Tapes.NOW);

        // As if the process had died after the card was gone and before the rest was.
        Files.createDirectories(session.main().folder());
        Files.writeString(session.main().folder().resolve("0001.jsonl"), "words");
        Files.writeString(request, requested);
        forgetting.carryOut(Tapes.NOW);

        assertThat(session.main().folder()).doesNotExist();
        assertThat(forgetting.isRequested()).isFalse();
    }

    @Test
    void aWishNamesNothingOutsideTheTapes() throws Exception {
        Path mine = Files.createDirectories(temporary.resolve("mine"));
        Files.writeString(
                tapes.home().run().resolve("forget.json"),
                "{\"tapes\":[{\"provider\":\"..\",\"id\":\"../mine\"}],\"sessions\":[]}");

        new Forgetting(tapes.home()).carryOut(Tapes.NOW);

        assertThat(mine).isDirectory();
        assertThat(tapes.find(ID)).isPresent();
    }
}
