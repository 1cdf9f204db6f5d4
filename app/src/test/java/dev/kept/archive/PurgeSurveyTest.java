package dev.kept.archive;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kept.agents.claude.ClaudeProvider;
import dev.kept.agents.gemini.GeminiProvider;
import dev.kept.archive.PurgeOutlook.FileState;
import dev.kept.archive.PurgeSurvey.Bounds;
import dev.kept.tape.Tombstones;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The conversations that agents delete soon: every byte of them held against the tapes, or said not to be. */
class PurgeSurveyTest {
    private static final String A = "aaaaaaaa-0000-4000-8000-000000000001";
    private static final String B = "bbbbbbbb-0000-4000-8000-000000000002";
    private static final Instant NOW = Tapes.NOW;

    @TempDir
    private Path temporary;

    private Tapes tapes;
    private Instant now = NOW;
    private long compared;

    @BeforeEach
    void tapes() throws IOException {
        tapes = new Tapes(temporary);
    }

    /** A file of the agent's that was changed so many days ago. */
    private Path old(Path file, String text, int days) throws IOException {
        Files.createDirectories(Objects.requireNonNull(file.getParent()));
        Files.writeString(file, text);
        Files.setLastModifiedTime(file, FileTime.from(NOW.minus(Duration.ofDays(days))));
        return file;
    }

    private Path subagent(String session) {
        return tapes.source(session).resolveSibling(session + "/subagents/agent-abcdef1.jsonl");
    }

    private PurgeOutlook look(Bounds bounds) throws IOException {
        compared = 0;
        List<PurgeOutlook> outlooks = PurgeSurvey.of(
                tapes.home(),
                Map.of(new ClaudeProvider(), List.of(tapes.home().userHome().resolve(".claude"))),
                now,
                bounds,
                bytes -> compared += bytes);
        assertThat(outlooks).hasSize(1);
        return outlooks.getFirst();
    }

    @Test
    void aConversationIsVerifiedWithAllItsFilesByTheirBytes() throws IOException {
        String text = Tapes.typed(A, 1, "Hello.");
        tapes.append(old(tapes.source(A), text, 25), text);
        tapes.append(old(subagent(A), text, 26), text);
        old(tapes.source(B), text, 20);
        PurgeOutlook outlook = look(Bounds.SMALL);
        assertThat(outlook.files()).hasSize(2);
        assertThat(outlook.conversations()).isEqualTo(Map.of(A, FileState.VERIFIED));
        assertThat(outlook.agent()).isEqualTo("Claude Code");
        assertThat(outlook.by()).isEqualTo(NOW.plus(Duration.ofDays(5)));
        assertThat(compared).isEqualTo(2L * text.length());
    }

    @Test
    void aConversationIsAsWellOffAsItsWorstFile() throws IOException {
        String text = Tapes.typed(A, 1, "Hello.");
        tapes.append(old(tapes.source(A), text, 25), text);
        old(subagent(A), text, 25);
        PurgeOutlook outlook = look(Bounds.SMALL);
        assertThat(outlook.conversations()).isEqualTo(Map.of(A, FileState.NOT_ON_TAPE));
        assertThat(outlook.first(FileState.NOT_ON_TAPE)).contains(subagent(A));
    }

    @Test
    void aTapeOfTheSameLengthWithOtherBytesIsNotVerified() throws IOException {
        String text = Tapes.typed(A, 1, "Hello.");
        tapes.append(old(tapes.source(A), text, 25), text.replace("Hello", "Hallo"));
        assertThat(look(Bounds.SMALL).count(FileState.VERIFIED)).isZero();
    }

    @Test
    void aTapeThatIsShorterIsNotVerified() throws IOException {
        String text = Tapes.typed(A, 1, "Hello.");
        tapes.append(old(tapes.source(A), text + text, 25), text);
        assertThat(look(Bounds.SMALL).count(FileState.NOT_ON_TAPE)).isEqualTo(1);
    }

    @Test
    void whatWasComparedIsNotComparedAgainUntilTheFileOrItsTapeIsTouched() throws IOException {
        String text = Tapes.typed(A, 1, "Hello.");
        Path file = old(tapes.source(A), text, 25);
        Path folder = tapes.append(file, text);
        look(Bounds.SMALL);
        assertThat(look(Bounds.SMALL).count(FileState.VERIFIED)).isEqualTo(1);
        assertThat(compared).isZero();

        // The same length and the same time, as a program leaves them that restores both.
        FileTime time = Files.getLastModifiedTime(folder.resolve("0001.jsonl"));
        Files.writeString(folder.resolve("0001.jsonl"), text.replace("Hello", "Hallo"));
        Files.setLastModifiedTime(folder.resolve("0001.jsonl"), time);
        assertThat(look(Bounds.SMALL).count(FileState.VERIFIED)).isZero();
        Files.writeString(folder.resolve("0001.jsonl"), text);
        assertThat(look(Bounds.SMALL).count(FileState.VERIFIED)).isEqualTo(1);
        old(file, text.replace("Hello", "Hallo"), 25);
        assertThat(look(Bounds.SMALL).count(FileState.VERIFIED)).isZero();
    }

    @Test
    void aSealedTapeIsUnpackedAndCompared() throws IOException {
        String text = Tapes.typed(A, 1, "Hello.").repeat(500);
        Path file = old(tapes.source(A), text, 25);
        tapes.append(file, text);
        tapes.seal(file);
        assertThat(look(Bounds.SMALL).count(FileState.VERIFIED)).isEqualTo(1);
    }

    @Test
    void whatIsBeyondTheBoundIsSaidNotToBeComparedAndIsNextTime() throws IOException {
        String text = Tapes.typed(A, 1, "Hello.").repeat(100);
        for (String id : List.of(A, B)) {
            String own = text.replace(A, id);
            tapes.append(old(tapes.source(id), own, id.equals(A) ? 26 : 25), own);
        }
        Bounds one = new Bounds(text.length() + 1L, 1_000);
        PurgeOutlook first = look(one);
        assertThat(first.conversations()).isEqualTo(Map.of(A, FileState.VERIFIED, B, FileState.NOT_COMPARED));
        assertThat(look(one).count(FileState.VERIFIED)).isEqualTo(2);
    }

    @Test
    void withMoreFilesThanMayBeLookedAtItIsSaidSo() throws IOException {
        for (String id : List.of(A, B)) {
            old(tapes.source(id), "{}\n", 25);
        }
        assertThat(look(new Bounds(1_000, 1)).complete()).isFalse();
        assertThat(look(Bounds.SMALL).complete()).isTrue();
    }

    @Test
    void whatItsOwnerHadForgottenIsNotMissing() throws IOException {
        Path file = old(tapes.source(A), "{}\n", 25);
        Tombstones.open(tapes.home().tapes()).add("claude", List.of(file), NOW);
        assertThat(look(Bounds.SMALL).conversations()).containsValue(FileState.FORGOTTEN);
    }

    @Test
    void whatAppearsLaterOfAForgottenSessionIsNotMissing() throws IOException {
        Tombstones.open(tapes.home().tapes()).addSession("claude", List.of(A), NOW);
        String text = Tapes.typed(A, 1, "Hello.");
        old(subagent(A), text, 25);
        old(tapes.source(B), text, 25);
        assertThat(look(Bounds.SMALL).conversations())
                .isEqualTo(Map.of(A, FileState.FORGOTTEN, B, FileState.FORGOTTEN));
        old(tapes.source(B), text.replace(A, B), 25);
        assertThat(look(Bounds.SMALL).conversations())
                .isEqualTo(Map.of(A, FileState.FORGOTTEN, B, FileState.NOT_ON_TAPE));
    }

    @Test
    void theFilesOfASessionAreOneConversationWhateverTheirPathsCallIt() throws IOException {
        // The records name A; the file, and the folder of its subagents, have the name B.
        String text = Tapes.typed(A, 1, "Hello.");
        tapes.append(old(tapes.source(B), text, 25), text);
        Path output = tapes.source(B).resolveSibling(B + "/tool-results/t1.txt");
        tapes.append(old(output, "what it printed", 25), "what it printed");
        PurgeOutlook outlook = look(Bounds.SMALL);
        assertThat(outlook.files()).hasSize(2);
        assertThat(outlook.conversations()).isEqualTo(Map.of(A, FileState.VERIFIED));

        // A part without a tape, which says nothing of its own, is as bad for it as one of the session's name.
        old(subagent(B), "{}\n", 24);
        assertThat(look(Bounds.SMALL).conversations()).isEqualTo(Map.of(A, FileState.NOT_ON_TAPE));
        assertThat(look(Bounds.OFTEN).conversations()).isEqualTo(Map.of(A, FileState.NOT_ON_TAPE));
    }

    @Test
    void whatIsAskedAgainAndAgainLooksAtNoTapeThatWasLookedAtWithinTenMinutes() throws IOException {
        String text = Tapes.typed(A, 1, "Hello.");
        Path file = old(tapes.source(A), text, 25);
        Path folder = tapes.append(file, text);
        assertThat(look(Bounds.OFTEN).count(FileState.VERIFIED)).isEqualTo(1);
        Path away = Files.move(folder, folder.resolveSibling("away"));
        assertThat(look(Bounds.OFTEN).count(FileState.VERIFIED)).isEqualTo(1);
        // Another file is looked at in full, and takes the time of the others no further.
        tapes.append(old(tapes.source(B), text.replace(A, B), 25), text.replace(A, B));
        now = NOW.plus(Duration.ofMinutes(9));
        assertThat(look(Bounds.OFTEN).conversations()).isEqualTo(Map.of(A, FileState.VERIFIED, B, FileState.VERIFIED));
        now = NOW.plus(Duration.ofMinutes(10));
        assertThat(look(Bounds.OFTEN).conversations())
                .isEqualTo(Map.of(A, FileState.NOT_ON_TAPE, B, FileState.VERIFIED));
        Files.move(away, folder);
        assertThat(look(Bounds.OFTEN).count(FileState.VERIFIED)).isEqualTo(2);
        old(file, text.replace("Hello", "Hallo!"), 25);
        assertThat(look(Bounds.OFTEN).count(FileState.VERIFIED)).isEqualTo(1);
    }

    @Test
    void aClockThatWasSetBackMakesNothingCountForLonger() throws IOException {
        String text = Tapes.typed(A, 1, "Hello.");
        Path folder = tapes.append(old(tapes.source(A), text, 25), text);
        now = NOW.plus(Duration.ofHours(1));
        assertThat(look(Bounds.OFTEN).count(FileState.VERIFIED)).isEqualTo(1);
        Files.move(folder, folder.resolveSibling("away"));
        now = NOW;
        assertThat(look(Bounds.OFTEN).count(FileState.VERIFIED)).isZero();
    }

    @Test
    void toLookAgainAllocatesLittleForEachFile() throws IOException {
        int files = 300;
        for (int i = 0; i < files; i++) {
            String id = A.substring(0, A.length() - 3) + String.format("%03d", i);
            String text = Tapes.typed(id, 1, "Hello.");
            tapes.append(old(tapes.source(id), text, 25), text);
        }
        assertThat(look(Bounds.OFTEN).count(FileState.VERIFIED)).isEqualTo(files);
        look(Bounds.OFTEN);
        assertThat(allocated(Bounds.OFTEN) / files).isBetween(1L, 12_000L);
        assertThat(allocated(Bounds.OFTEN) * 2).isLessThan(allocated(Bounds.SMALL));
    }

    private long allocated(Bounds bounds) throws IOException {
        com.sun.management.ThreadMXBean threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        look(bounds);
        return threads.getCurrentThreadAllocatedBytes() - before;
    }

    @Test
    void aDamagedTapeIsNotVerifiedAndTakesNoOtherAway() throws IOException {
        String text = Tapes.typed(A, 1, "Hello.");
        Path folder = tapes.append(old(tapes.source(A), text, 25), text);
        tapes.append(old(tapes.source(B), text.replace(A, B), 25), text.replace(A, B));
        Files.writeString(folder.resolve("source.json"), "{", StandardOpenOption.TRUNCATE_EXISTING);
        assertThat(look(Bounds.SMALL).conversations()).isEqualTo(Map.of(A, FileState.DIFFERENT, B, FileState.VERIFIED));
    }

    @Test
    void whatAnAgentDeletesLongAgoGoesToday() throws IOException {
        String text = Tapes.typed(A, 1, "Hello.");
        tapes.append(old(tapes.source(A), text, 90), text);
        assertThat(look(Bounds.SMALL).by()).isEqualTo(NOW);
    }

    @Test
    void anAgentThatDeletesNothingIsNotToldOf() throws IOException {
        Path root = Files.createDirectories(tapes.home().userHome().resolve(".gemini"));
        Files.writeString(root.resolve("settings.json"), "{\"general\":{\"sessionRetention\":{\"enabled\":false}}}");
        assertThat(PurgeSurvey.of(
                        tapes.home(), Map.of(new GeminiProvider(), List.of(root)), NOW, Bounds.SMALL, _ -> {}))
                .isEmpty();
    }
}
