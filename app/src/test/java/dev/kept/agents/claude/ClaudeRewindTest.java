package dev.kept.agents.claude;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kept.model.ConversationEvent;
import dev.kept.model.ConversationEvent.ProviderInfo;
import dev.kept.provider.Corpus;
import dev.kept.provider.Readings;
import dev.kept.provider.SourceKind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who goes back to an earlier prompt says so: the next prompt has the parent of the one that it takes the place of. */
class ClaudeRewindTest {
    private static final Readings READINGS = new Readings(new ClaudeProvider());

    @Test
    void aPromptThatTakesThePlaceOfAnEarlierOneIsMarked() {
        String session = prompt("p1", "")
                + answer("a1", "p1")
                + prompt("p2", "a1")
                + answer("a2", "p2")
                + prompt("p3", "a2")
                + answer("a3", "p3")
                + prompt("p4", "a1")
                + answer("a4", "p4");
        assertThat(ids(session))
                .containsExactly("p1/0", "a1/0", "p2/0", "a2/0", "p3/0", "a3/0", "p4/rewind", "p4/0", "a4/0");
        assertThat(rewinds(session)).singleElement().satisfies(rewind -> {
            assertThat(rewind.text()).isEqualTo("a1");
            assertThat(rewind.header().timestamp()).isPresent();
            assertThat(rewind.header().source().index()).isZero();
        });
    }

    @Test
    void aPromptWithoutAParentIsNoGoingBack() {
        assertThat(rewinds(prompt("p1", "") + answer("a1", "p1") + prompt("p2", "")))
                .isEmpty();
    }

    @Test
    void aParentThatIsNotInTheFileIsNoPlaceToGoBackTo() {
        String session = prompt("p1", "lost") + answer("a1", "p1") + prompt("p2", "lost") + answer("a2", "p2");
        assertThat(rewinds(session)).isEmpty();
    }

    @Test
    void twoWindowsOnOneSessionAreNoGoingBack() {
        String begun = prompt("p1", "") + answer("a1", "p1");
        String one = prompt("A1", "a1");
        String other = prompt("B1", "a1");
        String oneGoesOn = answer("x1", "A1") + prompt("A2", "x1") + answer("x2", "A2");
        String otherGoesOn = answer("y1", "B1") + prompt("B2", "y1") + answer("y2", "B2");
        assertThat(rewinds(begun + one + other + oneGoesOn + otherGoesOn)).isEmpty();
        assertThat(rewinds(begun + one + other + otherGoesOn + oneGoesOn)).isEmpty();
        // One of them runs a tool.
        String tool = record(
                "assistant",
                "t1",
                "A1",
                "\"message\":{\"id\":\"m-t1\",\"content\":[{\"type\":\"tool_use\",\"id\":\"t-r1\",\"name\":\"Bash\","
                        + "\"input\":{}}]}");
        assertThat(rewinds(begun + one + tool + other + otherGoesOn)).isEmpty();
        assertThat(rewinds(begun + one + tool + result("r1", "t1") + other + otherGoesOn))
                .isEmpty();
        // One has answered, and is at work on its next prompt.
        assertThat(rewinds(begun + one + answer("x1", "A1") + prompt("A2", "x1") + other + otherGoesOn))
                .isEmpty();
    }

    @Test
    void twoWindowsOfWhichOneRestsAreNoGoingBackAsSoonAsTheBranchThatSeemedLeftGoesOn() throws IOException {
        String begun = prompt("p1", "") + answer("a1", "p1");
        String one = prompt("A1", "a1") + answer("x1", "A1") + stopped("h1", "x1");
        String other = prompt("B1", "a1") + answer("y1", "B1");
        String oneGoesOn = prompt("A2", "h1") + answer("x2", "A2");
        String otherGoesOn = prompt("B2", "y1") + answer("y2", "B2");
        for (String session : List.of(
                begun + one + other + oneGoesOn + otherGoesOn,
                begun + one + other + otherGoesOn + oneGoesOn,
                // What is written late goes on with no branch, but a prompt behind it does.
                begun + one + other + stopped("h2", "h1") + oneGoesOn.replace("\"h1\"", "\"h2\""))) {
            assertThat(infos(session, "rewind"))
                    .extracting(rewind -> rewind.header().eventId())
                    .containsExactly("B1/rewind");
            assertThat(infos(session, ProviderInfo.BRANCH_CONTINUES))
                    .singleElement()
                    .satisfies(goesOn -> {
                        assertThat(goesOn.refutes()).hasValue("B1/rewind");
                        assertThat(goesOn.header().eventId()).isEqualTo("A2/branch");
                    });
            assertThat(ids(session + session)).as("read again").isEqualTo(ids(session));
            byte[] bytes = session.getBytes(StandardCharsets.UTF_8);
            int[] everyEnd = IntStream.range(0, bytes.length)
                    .filter(i -> bytes[i] == '\n')
                    .toArray();
            assertThat(READINGS.eventsWithRestarts(Readings.MAIN, bytes, everyEnd))
                    .isEqualTo(events(session));
        }
    }

    @Test
    void goingBackOnceMoreOrFromAnotherPlaceIsNoGoingOn() {
        String session = prompt("p1", "")
                + answer("a1", "p1")
                + prompt("p2", "a1")
                + answer("a2", "p2")
                + prompt("p3", "a1")
                + answer("a3", "p3")
                + stopped("h3", "a3")
                + prompt("p4", "h3")
                + answer("a4", "p4")
                + prompt("p5", "a1")
                + answer("a5", "p5")
                + prompt("p6", "a5");
        assertThat(infos(session, "rewind")).hasSize(2);
        assertThat(infos(session, ProviderInfo.BRANCH_CONTINUES)).isEmpty();
        // Nothing but late records follow the branch that was left.
        assertThat(infos(session + stopped("h9", "a2") + stopped("h10", "h9"), ProviderInfo.BRANCH_CONTINUES))
                .isEmpty();
        // The first of two branches goes on: the second was left nevertheless.
        assertThat(infos(session + prompt("p7", "a2"), ProviderInfo.BRANCH_CONTINUES))
                .extracting(ProviderInfo::text)
                .containsExactly("p3/rewind");
    }

    @Test
    void goingBackAfterAnInterruptionIsMarked() {
        String session = prompt("p1", "")
                + answer("a1", "p1")
                + prompt("p2", "a1")
                + user("i1", "p2", "[Request interrupted by user]")
                + prompt("p3", "a1");
        assertThat(rewinds(session))
                .extracting(rewind -> rewind.header().eventId())
                .containsExactly("p3/rewind");
    }

    @Test
    void goingBackTwiceToTheSamePlaceIsMarkedTwice() {
        String session = prompt("p1", "")
                + answer("a1", "p1")
                + prompt("p2", "a1")
                + answer("a2", "p2")
                + prompt("p3", "a1")
                + answer("a3", "p3")
                + prompt("p4", "a1");
        assertThat(rewinds(session))
                .extracting(rewind -> rewind.header().eventId())
                .containsExactly("p3/rewind", "p4/rewind");
    }

    @Test
    void aCommandAfterGoingBackIsMarkedOnceBeforeItsCaveat() {
        String caveat = user("c1", "a1", "<local-command-caveat>Run locally.</local-command-caveat>")
                .replace("\"type\":\"user\"", "\"type\":\"user\",\"isMeta\":true");
        String command = user("c2", "c1", "<command-name>/cost</command-name>");
        String session = prompt("p1", "")
                + answer("a1", "p1")
                + prompt("p2", "a1")
                + answer("a2", "p2")
                + caveat
                + command
                + prompt("p3", "c2");
        assertThat(rewinds(session))
                .extracting(rewind -> rewind.header().eventId())
                .containsExactly("c1/rewind");
    }

    @Test
    void whatIsNoGoingBackIsNotMarked() {
        String begun = prompt("p1", "") + answer("a1", "p1");
        String boundary = "{\"type\":\"system\",\"subtype\":\"compact_boundary\",\"uuid\":\"b\",\"parentUuid\":null,"
                + "\"logicalParentUuid\":\"a1\",\"content\":\"Conversation compacted\"}\n";
        String summary = user("s", "b", "The story so far.")
                .replace("\"type\":\"user\"", "\"type\":\"user\",\"isCompactSummary\":true");
        assertThat(rewinds(begun + boundary + summary + prompt("p2", "s"))).isEmpty();
        // Two tools at once: their results have parents of their own.
        assertThat(rewinds(begun + result("r1", "a1") + result("r2", "a1") + prompt("p2", "r2")))
                .isEmpty();
        // A skill's text and a message of the agent's beside a prompt.
        assertThat(rewinds(begun
                        + prompt("p2", "a1")
                        + user("m", "a1", "a skill").replace("\"type\":\"user\"", "\"type\":\"user\",\"isMeta\":true")))
                .isEmpty();
        assertThat(rewinds(begun + prompt("p2", "a1") + user("t", "a1", "<task-notification>done</task-notification>")))
                .isEmpty();
        // A subagent's prompts inside the main file.
        assertThat(rewinds(begun
                        + prompt("p2", "a1")
                        + prompt("q", "a1").replace("\"type\":\"user\"", "\"type\":\"user\",\"isSidechain\":true")))
                .isEmpty();
        // A record that stands twice.
        assertThat(rewinds(begun + prompt("p2", "a1") + prompt("p2", "a1"))).isEmpty();
        // A file that begins in the middle.
        assertThat(rewinds(prompt("p7", "a6") + answer("a7", "p7") + prompt("p8", "a7")))
                .isEmpty();
        // Programs that write no parents, or only null.
        assertThat(rewinds(prompt("p1", "") + answer("a1", "") + prompt("p2", "")))
                .isEmpty();
        assertThat(rewinds(prompt("p1", "").replace("\"parentUuid\":null,", "")
                        + prompt("p2", "").replace("\"parentUuid\":null,", "")))
                .isEmpty();
    }

    @Test
    void aForksCopyOfARewindIsTheSameEvent() {
        String session =
                prompt("p1", "") + answer("a1", "p1") + prompt("p2", "a1") + answer("a2", "p2") + prompt("p3", "a1");
        assertThat(ids(session)).contains("p3/rewind");
        assertThat(ids(session.replace("\"sessionId\":\"s1\"", "\"sessionId\":\"s2\"")))
                .isEqualTo(ids(session));
    }

    @Test
    void aRestartBeforeOrAfterARewindChangesNothing() throws IOException {
        byte[] session = (prompt("p1", "")
                        + answer("a1", "p1")
                        + prompt("p2", "a1")
                        + answer("a2", "p2")
                        + prompt("p3", "a1")
                        + answer("a3", "p3")
                        + prompt("p4", "a1"))
                .getBytes(StandardCharsets.UTF_8);
        int[] everyEnd = IntStream.range(0, session.length)
                .filter(i -> session[i] == '\n')
                .toArray();
        List<ConversationEvent> whole = READINGS.eventsOnce(Readings.MAIN, session);
        assertThat(whole).filteredOn(ProviderInfo.class::isInstance).hasSize(2);
        assertThat(READINGS.eventsWithRestarts(Readings.MAIN, session, everyEnd))
                .isEqualTo(whole);
    }

    @Test
    void noRealConversationIsTakenForARewind(@TempDir Path scratch) throws IOException, InterruptedException {
        Optional<Path> corpus = Corpus.unpacked("claude", scratch);
        if (corpus.isEmpty()) {
            return;
        }
        try (Stream<Path> files = Files.walk(corpus.get())) {
            for (Path file : files.filter(each -> each.toString().endsWith(".jsonl"))
                    .sorted()
                    .toList()) {
                // Looked through by hand: nobody goes back in these files.
                assertThat(rewinds(READINGS.eventsOnce(Readings.MAIN, Files.readAllBytes(file))))
                        .as(file.toString())
                        .isEmpty();
            }
        }
    }

    private static List<String> ids(String session) {
        return events(session).stream().map(event -> event.header().eventId()).toList();
    }

    private static List<ProviderInfo> rewinds(String session) {
        return rewinds(events(session));
    }

    private static List<ProviderInfo> rewinds(List<ConversationEvent> events) {
        return infos(events, "rewind");
    }

    private static List<ProviderInfo> infos(String session, String subtype) {
        return infos(events(session), subtype);
    }

    private static List<ProviderInfo> infos(List<ConversationEvent> events, String subtype) {
        return events.stream()
                .filter(ProviderInfo.class::isInstance)
                .map(ProviderInfo.class::cast)
                .filter(info -> info.subtype().equals(subtype))
                .toList();
    }

    /** A record that the client writes behind an answer. */
    private static String stopped(String uuid, String parent) {
        return record("system", uuid, parent, "\"subtype\":\"turn_duration\",\"durationMs\":5");
    }

    private static List<ConversationEvent> events(String session) {
        SourceKind.Session main = Readings.MAIN;
        return READINGS.eventsOnce(main, session.getBytes(StandardCharsets.UTF_8));
    }

    private static String prompt(String uuid, String parent) {
        return user(uuid, parent, "This is " + uuid + ".");
    }

    private static String user(String uuid, String parent, String text) {
        return record("user", uuid, parent, "\"message\":{\"role\":\"user\",\"content\":\"" + text + "\"}");
    }

    private static String answer(String uuid, String parent) {
        return record(
                "assistant",
                uuid,
                parent,
                "\"message\":{\"id\":\"m-" + uuid + "\",\"content\":[{\"type\":\"text\",\"text\":\"Yes.\"}]}");
    }

    private static String result(String uuid, String parent) {
        return record(
                "user",
                uuid,
                parent,
                "\"message\":{\"content\":[{\"type\":\"tool_result\",\"tool_use_id\":\"t-" + uuid
                        + "\",\"content\":\"ok\"}]}");
    }

    private static String record(String type, String uuid, String parent, String rest) {
        return "{\"type\":\"" + type + "\",\"uuid\":\"" + uuid + "\",\"parentUuid\":"
                + (parent.isEmpty() ? "null" : "\"" + parent + "\"")
                + ",\"sessionId\":\"s1\",\"version\":\"2.1.150\",\"timestamp\":\"2026-02-01T10:00:00Z\"," + rest
                + "}\n";
    }
}
