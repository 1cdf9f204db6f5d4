package dev.kept.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kept.provider.gemini.GeminiProvider;
import dev.kept.tape.SourceCard;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Folders of work that a note beside the source tells, or nothing does. */
class UntoldFoldersTest {
    private static final String CHATS = "tmp/light/chats";
    private static final String NAME = "session-2026-01-15T20-00-22222222.json";
    private static final String DOCUMENT =
            "{\n\"sessionId\": \"22222222\",\n\"messages\": [\n{\"id\":\"u\",\"type\":\"user\",\"content\":\"Hi\"}\n]\n}\n";

    @TempDir
    private Path folder;

    @Test
    void whileFoldersAreExcludedASessionOfNoKnownFolderIsNotKeptAndThatIsSaid() throws Exception {
        try (IngestFixture ingest = IngestFixture.excluding(Path.of("/private"), folder, new GeminiProvider(), CHATS)) {
            Path file = ingest.write(NAME, DOCUMENT);
            ingest.start();
            ingest.listener().awaitProblem("source.folder", ingest.sessions());
            assertThat(ingest.listener().heardOf(file)).isFalse();
            // As soon as the agent notes the folder it is kept, if it is another.
            Files.writeString(folderOf(file).resolve(".project_root"), "/home/ada/light");
            IngestFixture.append(file, " ");
            ingest.settle();
            ingest.assertHandedOnIsTape(file);
            assertThat(SourceCard.read(ingest.tapeFolder(file)).workingDirectory())
                    .isEqualTo("/home/ada/light");
        }
    }

    @Test
    void theTapesCardHoldsTheFolderWhenTheNoteIsGone() throws Exception {
        try (IngestFixture ingest = new IngestFixture(folder, new GeminiProvider(), CHATS)) {
            Path file = ingest.write(NAME, DOCUMENT);
            Path note = Files.writeString(folderOf(file).resolve(".project_root"), "/home/ada/light");
            ingest.start();
            ingest.settle();
            assertThat(SourceCard.read(ingest.tapeFolder(file)).workingDirectory())
                    .isEqualTo("/home/ada/light");
            Files.delete(note);
            ingest.restart();
            ingest.settle();
            assertThat(SourceCard.read(ingest.tapeFolder(file)).workingDirectory())
                    .isEqualTo("/home/ada/light");
            // An agent whose project moved on says where it is now.
            Files.writeString(note, "/home/ada/dark");
            ingest.restart();
            ingest.settle();
            assertThat(SourceCard.read(ingest.tapeFolder(file)).workingDirectory())
                    .isEqualTo("/home/ada/dark");
        }
    }

    private static Path folderOf(Path file) {
        return file.resolve("../..").normalize();
    }
}
