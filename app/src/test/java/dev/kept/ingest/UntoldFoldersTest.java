package dev.kept.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kept.agents.claude.ClaudeProvider;
import dev.kept.agents.gemini.GeminiProvider;
import dev.kept.tape.TapeManifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Folders of work that a note beside the source tells, or nothing does. */
class UntoldFoldersTest {
    private static final String CHATS = "tmp/light/chats";
    private static final String NAME = "session-2026-01-15T20-00-22222222.json";
    private static final String PUBLIC = "11110000-0000-4000-8000-000000000001";
    private static final String PRIVATE = "22220000-0000-4000-8000-000000000002";
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
            assertThat(TapeManifest.read(ingest.tapeFolder(file)).workingDirectory())
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
            assertThat(TapeManifest.read(ingest.tapeFolder(file)).workingDirectory())
                    .isEqualTo("/home/ada/light");
            Files.delete(note);
            ingest.restart();
            ingest.settle();
            assertThat(TapeManifest.read(ingest.tapeFolder(file)).workingDirectory())
                    .isEqualTo("/home/ada/light");
            // An agent whose project moved on says where it is now.
            Files.writeString(note, "/home/ada/dark");
            ingest.restart();
            ingest.settle();
            assertThat(TapeManifest.read(ingest.tapeFolder(file)).workingDirectory())
                    .isEqualTo("/home/ada/dark");
        }
    }

    private static String claude(String session, String members, String folder) {
        return "{\"type\":\"user\",\"uuid\":\"u\",\"sessionId\":\"" + session + "\"," + members + "\"cwd\":\"" + folder
                + "\",\"version\":\"2.1.330\",\"message\":{\"role\":\"user\",\"content\":\"Hi\"}}\n";
    }

    private static void put(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    /** The session in a folder that is excluded, and the same in one that is not. */
    @Test
    void aSubagentAndALargeOutputAreKeptWhereTheirSessionIsWhateverFolderTheyWorkIn() throws Exception {
        String inside = "\"isSidechain\":true,\"agentId\":\"a1b2c3d4\",";
        try (IngestFixture ingest =
                IngestFixture.excluding(Path.of("/private"), folder, new ClaudeProvider(), "projects/-work")) {
            for (String of : List.of("/private/diary", "/home/ada")) {
                String id = of.equals("/home/ada") ? PUBLIC : PRIVATE;
                String other = of.equals("/home/ada") ? "/private/other" : "/home/ada";
                put(ingest.sessions().resolve(id + ".jsonl"), claude(id, "", of));
                put(ingest.sessions().resolve(id + "/subagents/agent-a1b2c3d4.jsonl"), claude(id, inside, other));
                put(
                        ingest.sessions().resolve(id + "/subagents/workflows/wf_1/journal.jsonl"),
                        "{\"type\":\"started\",\"agentId\":\"x\"}\n");
                put(ingest.sessions().resolve(id + "/tool-results/toolu_1.txt"), "printed\n");
                put(ingest.sessions().resolve("agent-" + id.substring(0, 8) + ".jsonl"), claude(id, inside, other));
            }
            ingest.start();
            ingest.settle();
            for (String name : List.of(
                    "ID.jsonl",
                    "ID/subagents/agent-a1b2c3d4.jsonl",
                    "ID/subagents/workflows/wf_1/journal.jsonl",
                    "ID/tool-results/toolu_1.txt",
                    "agent-SHORT.jsonl")) {
                assertThat(ingest.tapeFolder(named(ingest, name, PUBLIC)))
                        .as(name)
                        .isDirectory();
                assertThat(ingest.tapeFolder(named(ingest, name, PRIVATE)))
                        .as(name)
                        .doesNotExist();
            }
        }
    }

    private static Path named(IngestFixture ingest, String name, String id) throws IOException {
        return ingest.sessions().resolve(name.replace("ID", id).replace("SHORT", id.substring(0, 8)));
    }

    @Test
    void aPartOfASessionThatDoesNotTellItsFolderYetIsKeptOnceItDoes() throws Exception {
        try (IngestFixture ingest =
                IngestFixture.excluding(Path.of("/private"), folder, new ClaudeProvider(), "projects/-work")) {
            Path session = ingest.sessions().resolve(PUBLIC + ".jsonl");
            Path output = ingest.sessions().resolve(PUBLIC + "/tool-results/toolu_1.txt");
            put(session, "{\"type\":\"summary\",\"summary\":\"x\",\"leafUuid\":\"y\"}\n");
            put(output, "printed\n");
            put(ingest.sessions().resolve(PRIVATE + ".jsonl"), claude(PRIVATE, "", "/home/ada"));
            ingest.start();
            ingest.settle();
            assertThat(ingest.tapeFolder(output)).doesNotExist();
            IngestFixture.append(session, claude(PUBLIC, "", "/home/ada"));
            ingest.settle();
            ingest.sweep();
            ingest.settle();
            assertThat(ingest.tape(output).getLast()).asString().isEqualTo("printed\n");
        }
    }

    @Test
    void withoutTheFileOfItsSessionASubagentSaysItselfWhereItIsAndALargeOutputIsNamed() throws Exception {
        try (IngestFixture ingest =
                IngestFixture.excluding(Path.of("/private"), folder, new ClaudeProvider(), "projects/-work")) {
            String inside = "\"isSidechain\":true,\"agentId\":\"a1b2c3d4\",";
            Path open = ingest.sessions().resolve(PUBLIC + "/subagents/agent-a1b2c3d4.jsonl");
            Path closed = ingest.sessions().resolve(PRIVATE + "/subagents/agent-a1b2c3d4.jsonl");
            put(open, claude(PUBLIC, inside, "/home/ada"));
            put(closed, claude(PRIVATE, inside, "/private/diary"));
            Path output = ingest.sessions().resolve(PUBLIC + "/tool-results/toolu_1.txt");
            put(output, "printed\n");
            ingest.start();
            ingest.settle();
            assertThat(ingest.listener().heardOf(open)).isTrue();
            assertThat(ingest.tapeFolder(closed)).doesNotExist();
            ingest.listener().awaitProblem("source.folder", folderIn(output));
        }
    }

    private static Path folderIn(Path file) {
        return Objects.requireNonNull(file.getParent());
    }

    private static Path folderOf(Path file) {
        return file.resolve("../..").normalize();
    }
}
