package dev.kept.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kept.agents.claude.ClaudeProvider;
import dev.kept.agents.gemini.GeminiProvider;
import dev.kept.ingest.admission.AdmissionRules;
import dev.kept.ingest.source.FileFacts;
import dev.kept.ingest.source.FollowedRoot;
import dev.kept.ingest.source.PathGlob;
import dev.kept.provider.SourceKind;
import dev.kept.tape.Tombstones;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdmissionTest {
    private static final Instant ENABLED = Instant.parse("2026-06-01T00:00:00Z");
    private static final SourceKind.Session KIND = new SourceKind.Session(Optional.of("s"), "main");

    @TempDir
    private Path folder;

    private boolean admits(AdmissionRules rules, Path source) throws IOException {
        FollowedRoot root = new FollowedRoot(new ClaudeProvider(), folder, ENABLED);
        return new Admission(rules, Tombstones.open(folder.resolve("tapes")))
                .admits(source, source, FileFacts.of(source), KIND, root);
    }

    private Path source(String text, Instant modified) throws IOException {
        Path source = Files.writeString(folder.resolve("s.jsonl"), text);
        Files.setLastModifiedTime(source, FileTime.from(modified));
        return source;
    }

    private static AdmissionRules importing(Duration age) {
        return new AdmissionRules(Optional.of(age), List.of(), 0, Integer.MAX_VALUE, Optional.empty());
    }

    private static AdmissionRules excluding(String glob) {
        return new AdmissionRules(
                Optional.empty(),
                List.of(FileSystems.getDefault().getPathMatcher("glob:" + glob)),
                0,
                Integer.MAX_VALUE,
                Optional.empty());
    }

    private static String record(String cwd) {
        return "{\"type\":\"summary\",\"summary\":\"x\"}\n{\"type\":\"user\",\"sessionId\":\"s\",\"uuid\":\"u\",\"cwd\":\""
                + cwd
                + "\",\"timestamp\":\"2026-05-01T00:00:00Z\",\"message\":{\"role\":\"user\",\"content\":\"hi\"}}\n";
    }

    @Test
    void aFirstImportTakesWhatIsYoungEnoughWhenItsRootWasEnabled() throws Exception {
        Path source = source("{}\n", ENABLED.minus(Duration.ofDays(29)));
        assertThat(admits(importing(Duration.ofDays(30)), source)).isTrue();
        assertThat(admits(importing(Duration.ofDays(28)), source)).isFalse();
        assertThat(admits(importing(Duration.ZERO), source)).isFalse();
        assertThat(admits(AdmissionRules.EVERYTHING, source)).isTrue();
    }

    @Test
    void anOldConversationThatGoesOnIsKept() throws Exception {
        source("{}\n", ENABLED.minus(Duration.ofDays(400)));
        assertThat(admits(importing(Duration.ZERO), source("{}\n{}\n", ENABLED.plusSeconds(5))))
                .isTrue();
    }

    @Test
    void anExcludedWorkingDirectoryTakesAllBelowItAlong() throws Exception {
        Path source = source(record("/home/a/private/diary"), ENABLED);
        assertThat(admits(excluding("/home/a/private"), source)).isFalse();
        assertThat(admits(excluding("/home/*/private"), source)).isFalse();
        assertThat(admits(excluding("/home/a/private/diary"), source)).isFalse();
        assertThat(admits(excluding("/home/a/priv"), source)).isTrue();
        assertThat(admits(excluding("/home/a/private-not"), source)).isTrue();
    }

    @Test
    void anExcludedFileIsNotEvenOpened() throws Exception {
        Path source = source(record("/work"), ENABLED);
        assertThat(admits(excluding(folder.toString()), source)).isFalse();
    }

    @Test
    void whatDoesNotTellItsWorkingDirectoryYetWaits() throws Exception {
        assertThat(admits(excluding("/private"), source("{\"type\":\"summary\"}\n", ENABLED)))
                .isFalse();
        assertThat(admits(excluding("/private"), source(record("/work"), ENABLED)))
                .isTrue();
        assertThat(admits(
                        excluding("/private"),
                        source(("{\"type\":\"x\"}" + " ".repeat(99) + "\n").repeat(20_000), ENABLED)))
                .isTrue();
    }

    /** Digest by {@code printf /private/light | sha256sum}. */
    @Test
    void aFolderOfWorkThatANoteOrADigestTellsIsExcludedAlike() throws Exception {
        Path root = Files.createDirectories(folder.resolve(".gemini"));
        Path chats = Files.createDirectories(root.resolve("tmp/light/chats"));
        Path noted = Files.writeString(chats.resolve("session-2026-01-02T09-00-11111111.jsonl"), "{}\n");
        String digest = "1cd378bd0df22eadd70190b3c5472866eba30569b99f6353b96b1f68b5539113";
        Path old = Files.createDirectories(root.resolve("tmp/" + digest + "/chats"))
                .resolve("session-2026-01-02T09-00-22222222.json");
        Files.writeString(old, "{\n\"messages\": []\n}\n");
        SourceKind.Session kind = new SourceKind.Session(Optional.empty(), "main");
        FollowedRoot followed = new FollowedRoot(new GeminiProvider(), root, ENABLED);
        Files.writeString(root.resolve("tmp/light/.project_root"), "/private/light");
        for (String glob : List.of("/private/light", "/private")) {
            assertThat(excludes(glob, noted, kind, followed)).isTrue();
        }
        assertThat(excludes("/public", noted, kind, followed)).isFalse();
        assertThat(excludes("/private/light", old, kind, followed)).isTrue();
        // Where a list of the agent's tells the folder, it is known to be another.
        Files.writeString(root.resolve("projects.json"), "{\"projects\":{\"/private/light\":\"light\"}}");
        assertThat(excludes("/private", old, kind, followed)).isTrue();
        assertThat(excludes("/public", old, kind, followed)).isFalse();
    }

    private boolean excludes(String path, Path source, SourceKind.Session kind, FollowedRoot root) throws IOException {
        AdmissionRules rules = new AdmissionRules(
                Optional.empty(), List.of(new PathGlob(Path.of(path))), 0, Integer.MAX_VALUE, Optional.empty());
        return !new Admission(rules, Tombstones.open(folder.resolve("tapes")))
                .admits(source, source, FileFacts.of(source), kind, root);
    }

    @Test
    void whatIsForgottenStaysForgotten() throws Exception {
        Path source = source(record("/work"), ENABLED);
        Tombstones.open(folder.resolve("tapes")).add("claude", List.of(source), ENABLED);
        assertThat(admits(AdmissionRules.EVERYTHING, source)).isFalse();
    }
}
