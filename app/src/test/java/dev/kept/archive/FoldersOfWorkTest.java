package dev.kept.archive;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kept.agents.claude.ClaudeProvider;
import dev.kept.agents.gemini.GeminiProvider;
import dev.kept.config.KeptHome;
import dev.kept.tape.Tape;
import dev.kept.tape.TapeLibrary;
import dev.kept.tape.TapeManifest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where an agent worked, told from disk without a daemon, for an agent whose records do not tell it. */
class FoldersOfWorkTest {
    /** By {@code printf /work | sha256sum}. */
    private static final String WORK = "0c9a453fad615c83c57d57c2b2be05fa938f0791d7624db43827a033227bf78b";

    @TempDir
    private Path temporary;

    private KeptHome home;
    private Path root;

    @BeforeEach
    void home() throws IOException {
        Path user = temporary.toRealPath();
        home = new KeptHome(user.resolve(".kept"), user);
        home.createDirectories();
        root = user.resolve(".gemini");
    }

    private Path tape(String project, String session) throws IOException {
        Path source = root.resolve("tmp/" + project + "/chats/session-2026-01-02T09-00-" + session + ".jsonl");
        Path folder = new TapeLibrary(home.tapes()).folder("gemini", TapeLibrary.sourceId(source));
        String text = "{\"sessionId\":\"" + session + "\",\"kind\":\"main\"}\n"
                + "{\"id\":\"u\",\"type\":\"user\",\"content\":\"Which lamp is on?\"}\n";
        try (Tape tape = Tape.create(folder, "gemini", TapeLibrary.sourceId(source), source, root, "", Tapes.NOW)) {
            tape.append(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
            tape.force();
        }
        return folder;
    }

    private String folderOf(String session) throws IOException {
        Optional<StoredSession> found = new SessionArchive(home, List.of(new ClaudeProvider(), new GeminiProvider()))
                .sessions(SessionArchive.Progress.NONE).stream()
                        .filter(each -> each.key().sessionId().equals(session))
                        .findFirst();
        return found.orElseThrow().metadata().workingDirectory();
    }

    @Test
    void theNoteBesideTheAgentsFileTellsItAlsoWhenTheTapeWasListedBefore() throws Exception {
        tape("light", "aaaa");
        assertThat(folderOf("aaaa")).isEmpty();
        Files.createDirectories(root.resolve("tmp/light"));
        Files.writeString(root.resolve("tmp/light/.project_root"), "/home/ada/light\n");
        assertThat(folderOf("aaaa")).isEqualTo("/home/ada/light");
    }

    @Test
    void theTapesCardTellsItWhenTheNoteIsGone() throws Exception {
        Path folder = tape("light", "aaaa");
        try (Tape tape = Tape.open(folder)) {
            tape.noteWorkingDirectory("/home/ada/light");
            tape.beginGeneration(0, "rewritten", Tapes.NOW);
        }
        assertThat(TapeManifest.read(folder).workingDirectory()).isEqualTo("/home/ada/light");
        assertThat(folderOf("aaaa")).isEqualTo("/home/ada/light");
    }

    @Test
    void aDigestIsHeldAgainstTheFoldersOfOtherSessions() throws Exception {
        tape(WORK, "bbbb");
        assertThat(folderOf("bbbb")).isEmpty();
        Tapes claude = new Tapes(temporary);
        String id = "1aaa0000-0000-4000-8000-000000000001";
        claude.append(claude.source(id), Tapes.typed(id, 0, "In the same folder."));
        assertThat(folderOf("bbbb")).isEqualTo("/work");
    }
}
