package dev.kept.recording.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kept.model.SessionKey;
import dev.kept.model.TapePosition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A journal of any bytes is read, and what is added to it is read back; an intent of any bytes is one or none. */
public final class JournalFuzz {
    private static final SessionKey SESSION = new SessionKey("claude", "s");
    private static final RecordingPlan PLAN = new RecordingPlan(
            "r",
            SESSION,
            RecordingPlan.Purpose.RECORDING,
            Path.of("/n.md"),
            "source",
            TapePosition.START,
            "t",
            Optional.empty(),
            Instant.EPOCH);
    private static final JournalEntry ENTRY = new JournalEntry.RecordingEnded("the last entry");
    private static final Path FOLDER = folder();

    private JournalFuzz() {}

    private static Path folder() {
        try {
            Path folder = Files.createTempDirectory("kept-journal");
            Path of = Files.createDirectories(folder.resolve("claude"));
            // What is registered last goes first.
            for (Path each : List.of(folder, of, of.resolve("s.jsonl"), intent(folder, 0))) {
                each.toFile().deleteOnExit();
            }
            return folder;
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static Path intent(Path folder, int turn) {
        return folder.resolve("claude").resolve("s.r." + turn + ".intent");
    }

    public static void fuzzerTestOneInput(byte[] data) throws IOException {
        JournalFiles journals = new JournalFiles(FOLDER);
        Files.write(FOLDER.resolve("claude/s.jsonl"), data);
        // A journal without a readable entry is none.
        List<JournalEntry> before = journals.readAll().stream()
                .flatMap(stored -> stored.entries().stream())
                .toList();
        before.forEach(new SessionJournal()::apply);
        journals.append(SESSION, List.of(ENTRY), false);
        List<JournalEntry> after = journals.readAll().getFirst().entries();
        List<JournalEntry> expected = new ArrayList<>(before);
        expected.add(ENTRY);
        assertThat(after).isEqualTo(expected);
        Files.write(intent(FOLDER, 0), data);
        journals.lastIntent(PLAN)
                .ifPresent(intent -> assertThat(intent.payload()).isNotNull());
    }
}
