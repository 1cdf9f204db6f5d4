package dev.kept.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kept.testing.CodexFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One note follows one conversation, with the real daemon: going back, compaction, resume. */
class LineageTest {
    private static final String WENT_BACK = "⟲ You went back to an earlier point";

    @TempDir
    private Path folder;

    private static List<String> turns(CodexFile... files) {
        List<String> all = new ArrayList<>();
        for (CodexFile file : files) {
            all.addAll(file.turns());
        }
        return all;
    }

    private static CodexFile recorded(DaemonHarness daemon, Path note) throws IOException {
        CodexFile first = CodexFile.begin(daemon.home().userHome(), daemon.work(), "first")
                .personSays()
                .agentSays();
        daemon.eventually(() -> assertThat(daemon.status().sessions()).isNotEmpty());
        first.person("::capture " + note).agentSays().personSays().agentSays();
        daemon.awaitTurns(note, first.turns());
        return first;
    }

    @Test
    void whoGoesBackInCodexIsFollowedIntoTheNextFileThroughACrash() throws Exception {
        try (DaemonHarness daemon = new DaemonHarness(folder).start()) {
            Path note = daemon.work().resolve("note.md");
            CodexFile first = recorded(daemon, note);

            CodexFile second = first.goBack(4, "second").personSays().agentSays();
            daemon.awaitTurns(note, turns(first, second));
            assertThat(Files.readString(note)).containsOnlyOnce(WENT_BACK).containsOnlyOnce("title: ");

            daemon.kill9();
            second.personSays();
            daemon.start();
            second.agentSays();
            daemon.awaitTurns(note, turns(first, second));

            CodexFile third = second.goBack(9, "third").personSays().agentSays();
            daemon.awaitTurns(note, turns(first, second, third));
            Path whole = daemon.work().resolve("whole.md");
            third.person("::export " + whole + "\n::stop").agentSays();
            List<String> before = turns(first, second, third);
            before.removeLast();
            daemon.awaitTurns(whole, before);
            daemon.restart();
            third.personSays();
            Path sign = daemon.work().resolve("sign.md");
            third.person("::export " + sign);
            daemon.awaitTurns(sign, turns(first, second, third));
            daemon.awaitTurns(note, before);
            assertThat(Files.readString(note)).containsOnlyOnce("title: ");
            assertThat(daemon.problems()).isEmpty();
            daemon.stop();
            assertThat(daemon.exported(third.thread())).isEqualTo(turns(first, second, third));
        }
    }

    @Test
    void whoWentBackInCodexWhileKeptWasDownIsFollowedAsWell() throws Exception {
        try (DaemonHarness daemon = new DaemonHarness(folder).start()) {
            Path note = daemon.work().resolve("note.md");
            CodexFile first = recorded(daemon, note);
            daemon.stop();
            first.personSays();
            CodexFile second = first.goBack(4, "second").personSays().agentSays();
            daemon.start();
            daemon.awaitTurns(note, turns(first, second));
            second.personSays();
            daemon.awaitTurns(note, turns(first, second));
            daemon.restart();
            second.agentSays();
            daemon.awaitTurns(note, turns(first, second));
            assertThat(Files.readString(note)).containsOnlyOnce(WENT_BACK);
        }
    }

    @Test
    void aCommandInTheNextFileThatWasGivenWhileKeptWasDownIsObeyedThere() throws Exception {
        try (DaemonHarness daemon = new DaemonHarness(folder).start()) {
            Path note = daemon.work().resolve("note.md");
            CodexFile first = recorded(daemon, note);
            daemon.stop();
            CodexFile second = first.goBack(4, "second").personSays();
            second.person("::stop");
            List<String> said = turns(first, second);
            second.agentSays();
            daemon.start();
            daemon.awaitTurns(note, said);
            Path sign = daemon.work().resolve("sign.md");
            second.person("::export " + sign);
            daemon.awaitTurns(sign, turns(first, second));
            daemon.awaitTurns(note, said);
        }
    }

    @Test
    void twoWindowsThatRestInTurnLookLikeAGoingBackInANoteAndAreNoneInAnExport() throws Exception {
        try (DaemonHarness daemon = new DaemonHarness(folder).start()) {
            ClaudeSession session = daemon.session("one");
            Path note = daemon.work().resolve("note.md");
            session.person("::capture " + note);
            session.agentSays();
            String both = session.last();
            session.personSays();
            session.agentSays();
            String one = session.last();
            session.goBackTo(both).personSays();
            session.agentSays();
            daemon.awaitTurns(note, session.turns());
            assertThat(Files.readString(note)).containsOnlyOnce(WENT_BACK);
            daemon.stop();
            daemon.exported(session.id());
            Path exported = daemon.home().userHome().resolve(session.id() + ".exported.md");
            assertThat(Files.readString(exported)).containsOnlyOnce(WENT_BACK);

            daemon.start();
            session.goBackTo(one).personSays();
            session.agentSays();
            daemon.awaitTurns(note, session.turns());
            daemon.stop();
            assertThat(daemon.exported(session.id())).isEqualTo(session.turns());
            assertThat(Files.readString(exported)).doesNotContain(WENT_BACK);
        }
    }

    @Test
    void whoGoesBackInClaudeCompactsAndResumesStaysInOneNote() throws Exception {
        try (DaemonHarness daemon = new DaemonHarness(folder).start()) {
            ClaudeSession session = daemon.session("one");
            Path note = daemon.work().resolve("note.md");
            session.personSays();
            String earlier = session.last();
            session.person("::capture " + note);
            session.agentSays();
            daemon.awaitTurns(note, session.turns());

            session.goBackTo(earlier).personSays();
            session.agentSays();
            daemon.awaitTurns(note, session.turns());
            assertThat(Files.readString(note)).containsOnlyOnce(WENT_BACK);

            String leaf = session.last();
            session.goBackTo("")
                    .record(
                            "system",
                            "\"subtype\":\"compact_boundary\",\"content\":\"Conversation compacted\",\"logicalParentUuid\":\""
                                    + leaf + "\"");
            session.user("This session is being continued from a previous conversation", ",\"isCompactSummary\":true");
            session.personSays();
            daemon.awaitTurns(note, session.turns());
            assertThat(Files.readString(note))
                    .containsOnlyOnce(WENT_BACK)
                    .containsOnlyOnce("The conversation so far was compacted here");

            daemon.restart();
            session.agentSays();
            daemon.stop();
            session.personSays();
            daemon.start();
            session.agentSays();
            daemon.awaitTurns(note, session.turns());
            assertThat(Files.readString(note)).containsOnlyOnce(WENT_BACK).containsOnlyOnce("title: ");
        }
    }
}
