package dev.kept.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each way in which a line such as {@code ::capture x.md} can stand in a session file without being an order. */
@Timeout(120)
class OnlyAPersonGivesOrdersTest {
    private static final String ORDER = "::capture never.md";

    @TempDir
    private static Path temporary;

    private static DaemonHarness daemon;
    private static ClaudeSession history;

    @BeforeAll
    static void startDaemonOverAHistory() throws Exception {
        daemon = new DaemonHarness(temporary);
        history = daemon.session("history");
        history.at(Instant.now().minusSeconds(60)).person(ORDER);
        history.personSays();
        history.at(Instant.EPOCH);
        daemon.start();
    }

    @AfterAll
    static void endDaemon() {
        daemon.close();
    }

    /** The marks that a window puts on what it hands over, its own words included. */
    private static final String HOST =
            ",\"origin\":{\"kind\":\"human\"},\"promptSource\":\"sdk\",\"entrypoint\":\"claude-desktop\"";

    /** A text that is not an order, where it stands, and who says it. */
    record NotAnOrder(String name, Writing writing) {
        interface Writing {
            void in(ClaudeSession session) throws IOException;
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private static NotAnOrder of(String name, NotAnOrder.Writing writing) {
        return new NotAnOrder(name, writing);
    }

    static Stream<NotAnOrder> texts() {
        return Stream.of(
                of("the output of a tool", session -> session.tool(ORDER)),
                of("an answer of the agent", session -> session.assistant(ORDER)),
                of("a fence", session -> session.person("```\n" + ORDER + "\n```")),
                of("a fence that is not closed", session -> session.person("```\n" + ORDER)),
                of("a quote", session -> session.person("> " + ORDER)),
                of("the middle of a message", session -> session.person("above\n" + ORDER + "\nbelow")),
                of("the middle of a line", session -> session.person("Type " + ORDER)),
                of("indented as code", session -> session.person("    " + ORDER)),
                of("a skill's body", session -> session.user(ORDER, ",\"isMeta\":true")),
                of("a summary", session -> session.user(ORDER, ",\"isCompactSummary\":true")),
                of(
                        "only visible in the transcript",
                        session -> session.user(ORDER, ",\"isVisibleInTranscriptOnly\":true")),
                of(
                        "a task notification",
                        session -> session.user(
                                "<task-notification>\n" + ORDER + "\n</task-notification>\n" + ORDER, HOST)),
                of(
                        "a task notification by its origin",
                        session -> session.user(ORDER, ",\"origin\":{\"kind\":\"task-notification\"}")),
                of("a reminder", session -> session.user("<system-reminder>\n" + ORDER + "\n</system-reminder>", "")),
                of(
                        "the output of a local command",
                        session -> session.user("<local-command-stdout>x</local-command-stdout>\n" + ORDER, HOST)),
                of("a subagent's prompt in the main file", session -> session.user(ORDER, ",\"isSidechain\":true")),
                of(
                        "a hook's words",
                        session -> session.record(
                                "attachment",
                                "\"attachment\":{\"type\":\"hook_additional_context\",\"content\":[\"" + ORDER
                                        + "\"],\"hookName\":\"x\"}")),
                of(
                        "an attached file",
                        session -> session.record(
                                "attachment",
                                "\"attachment\":{\"type\":\"file\",\"filename\":\"a.md\",\"content\":{\"type\":\"text\","
                                        + "\"file\":{\"content\":\"" + ORDER + "\"}}}")),
                of(
                        "a queued task notification",
                        session -> session.record(
                                "attachment",
                                "\"attachment\":{\"type\":\"queued_command\",\"prompt\":\"" + ORDER
                                        + "\",\"commandMode\":\"task-notification\"}")),
                of(
                        "a system record",
                        session -> session.record(
                                "system", "\"subtype\":\"informational\",\"content\":\"" + ORDER + "\"")),
                of(
                        "a progress record",
                        session -> session.record(
                                "progress", "\"data\":{\"type\":\"agent_progress\",\"prompt\":\"" + ORDER + "\"}")),
                of(
                        "a title",
                        session -> session.raw("{\"type\":\"custom-title\",\"customTitle\":\"" + ORDER
                                + "\",\"sessionId\":\"" + session.id() + "\"}")),
                of(
                        "the last prompt",
                        session -> session.raw("{\"type\":\"last-prompt\",\"lastPrompt\":\"" + ORDER
                                + "\",\"sessionId\":\"" + session.id() + "\"}")),
                of("a prompt from yesterday", session -> {
                    session.at(Instant.now().minus(Duration.ofHours(25))).person(ORDER);
                    session.at(Instant.EPOCH);
                }),
                of(
                        "a prompt without a time",
                        session -> session.raw(
                                "{\"type\":\"user\",\"isSidechain\":false,\"uuid\":\"no-time\",\"sessionId\":\""
                                        + session.id()
                                        + "\",\"version\":\"2.1.219\",\"promptSource\":\"typed\",\"origin\":{\"kind\":\"human\"},"
                                        + "\"message\":{\"role\":\"user\",\"content\":\"" + ORDER + "\"}}")),
                of(
                        "a bash line's output",
                        session -> session.user("<bash-stdout>\n" + ORDER + "\n</bash-stdout>", HOST)),
                of(
                        "a line of a file that a person selected, which pretends to be the end of the selection",
                        session -> session.user(
                                "<ide_selection>\nx\n</ide_selection>\n\n" + ORDER + "\n</ide_selection>\nWhy?\n\n"
                                        + ORDER,
                                "")),
                of(
                        "a document that was attached",
                        session -> session.record(
                                "user",
                                "\"origin\":{\"kind\":\"human\"},\"promptSource\":\"typed\",\"message\":{\"content\":["
                                        + "{\"type\":\"document\",\"source\":{\"type\":\"text\",\"data\":\"" + ORDER
                                        + "\"}},{\"type\":\"text\",\"text\":\"Summarize it.\"}]}")),
                of(
                        "a suggestion that was accepted",
                        session -> session.user(
                                ORDER, ",\"origin\":{\"kind\":\"human\"},\"promptSource\":\"suggestion_accepted\"")),
                of("an origin that cannot be read", session -> session.user(ORDER, ",\"origin\":\"human\"")),
                of(
                        "the body of a slash command",
                        session -> session.user(
                                "<command-name>/x</command-name>\n<command-args>" + ORDER + "</command-args>", "")),
                of("feedback of a hook", session -> session.user("Stop hook feedback:\n" + ORDER, ",\"isMeta\":true")),
                of("a text of an unknown origin", session -> session.user(ORDER, ",\"origin\":{\"kind\":\"robot\"}")),
                of("the middle of a paste", session -> session.person("See:\n\n" + ORDER + "\n\n::note\nand so on")),
                of("a fence of tildes inside a list", session -> session.person("- ~~~\n  " + ORDER + "\n  ~~~")),
                of("a nested quote", session -> session.person("> > " + ORDER)),
                of(
                        "the content of a file that a tool wrote",
                        session -> session.record(
                                "assistant",
                                "\"message\":{\"id\":\"msg_w\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"m\","
                                        + "\"content\":[{\"type\":\"tool_use\",\"id\":\"toolu_w\",\"name\":\"Write\","
                                        + "\"input\":{\"file_path\":\"a.md\",\"content\":\"" + ORDER + "\"}}]}")),
                of(
                        "a thought of the agent",
                        session -> session.record(
                                "assistant",
                                "\"message\":{\"id\":\"msg_t\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"m\","
                                        + "\"content\":[{\"type\":\"thinking\",\"thinking\":\"" + ORDER + "\"}]}")),
                of(
                        "a headless prompt",
                        session -> session.user(ORDER, ",\"promptSource\":\"sdk\",\"entrypoint\":\"sdk-cli\"")));
    }

    @ParameterizedTest
    @MethodSource("texts")
    void isNoOrder(NotAnOrder text) throws Exception {
        ClaudeSession session = daemon.session("none");
        session.personSays();
        text.writing().in(session);
        session.personSays();
        daemon.settle(session);
        assertNothingHappened(session);
    }

    private static void assertNothingHappened(ClaudeSession session) throws IOException {
        assertThat(daemon.work().resolve("never.md")).doesNotExist();
        assertThat(daemon.status(session).orElseThrow().recording()).isEmpty();
    }

    @Test
    void aSubagentsFileGivesNoOrders() throws Exception {
        ClaudeSession session = daemon.session("sub");
        session.personSays();
        Path folder = Files.createDirectories(
                session.file().resolveSibling(session.id()).resolve("subagents"));
        String prompt = "{\"parentUuid\":null,\"isSidechain\":true,\"agentId\":\"a1b2c3d\",\"userType\":\"external\","
                + "\"cwd\":\"" + daemon.work() + "\",\"sessionId\":\"" + session.id()
                + "\",\"version\":\"2.1.219\",\"type\":\"user\",\"message\":{\"role\":\"user\",\"content\":\"" + ORDER
                + "\"},\"uuid\":\"sub-1\",\"timestamp\":\"" + Instant.now() + "\"}\n";
        Files.write(
                folder.resolve("agent-a1b2c3d.jsonl"),
                prompt.getBytes(StandardCharsets.UTF_8),
                StandardOpenOption.CREATE_NEW);
        daemon.eventually(
                () -> assertThat(daemon.status().providers().getFirst().recordsRead())
                        .isEqualTo(recordsBelow(daemon.projects())));
        daemon.settle(session);
        assertNothingHappened(session);
    }

    private static long recordsBelow(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            long count = 0;
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                count += Files.readString(file).lines().count();
            }
            return count;
        }
    }

    @Test
    void whatStoodThereBeforeKeptCameIsHistory() throws Exception {
        daemon.settle(history);
        assertNothingHappened(history);
    }

    @Test
    void aRecordThatSaysItWasCopiedGivesNoOrdersEvenWhereItsParentWasNeverSeen() throws Exception {
        ClaudeSession fork = daemon.session("copy");
        fork.user("::capture copy.md", ",\"forkedFrom\":{\"sessionId\":\"parent\",\"messageUuid\":\"u\"}");
        fork.personSays();
        daemon.settle(fork);
        assertNothingHappened(fork);
    }

    @Test
    void aForkDoesNotObeyItsParentsCommandsAgainAndIsRecordedOnlyWhenTold() throws Exception {
        ClaudeSession parent = daemon.session("parent");
        parent.personSays();
        parent.person("::capture parent.md");
        parent.agentSays();
        Path note = daemon.work().resolve("parent.md");
        daemon.awaitTurns(note, parent.turns());

        ClaudeSession fork = parent.fork("fork");
        fork.personSays();
        daemon.settle(fork);
        daemon.awaitTurns(note, parent.turns());
        assertThat(daemon.status(fork).orElseThrow().recording()).isEmpty();
        assertThat(daemon.problems()).noneMatch(text -> text.contains("belongs to"));

        fork.person("::capture fork.md");
        String last = fork.agentSays();
        daemon.awaitTurns(daemon.work().resolve("fork.md"), fork.turns());
        assertThat(fork.turns()).endsWith(last);
        daemon.awaitTurns(note, parent.turns());
    }

    @Test
    void everyRecordThatSaysItWasCopiedGivesNoOrdersNotOnlyTheFirst() throws Exception {
        ClaudeSession fork = daemon.session("copies");
        String copied = ",\"forkedFrom\":{\"sessionId\":\"parent\",\"messageUuid\":\"u\"}";
        fork.user("Please look", copied);
        fork.user("::capture copies.md", copied);
        fork.personSays();
        daemon.settle(fork);
        assertNothingHappened(fork);
        assertThat(daemon.work().resolve("copies.md")).doesNotExist();
    }

    @Test
    void aForkThatWasMadeWhileTheDaemonWasDownDoesNotObeyInPlaceOfItsParent(@TempDir Path other) throws Exception {
        try (DaemonHarness down = new DaemonHarness(other).start()) {
            ClaudeSession parent = down.session("parent");
            parent.personSays();
            down.eventually(() -> assertThat(down.status(parent)).isPresent());
            down.stop();
            parent.person("::capture only.md");
            String answer = parent.agentSays();
            // The copy does not say that it is one, and its file was changed last: it is read first.
            ClaudeSession fork = parent.fork("fork");
            fork.personSays();
            Files.setLastModifiedTime(fork.file(), FileTime.from(Instant.now().plusSeconds(2)));
            down.start();
            down.awaitTurns(down.work().resolve("only.md"), parent.turns());
            assertThat(parent.turns()).endsWith(answer);
            assertThat(down.status(fork).orElseThrow().recording()).isEmpty();
            assertThat(down.status(parent).orElseThrow().recording()).isPresent();
        }
    }

    @Test
    void theNoteOfAForkBeginsWithALinkToThatOfItsParent() throws Exception {
        ClaudeSession parent = daemon.session("linked");
        parent.personSays();
        parent.person("::capture linked.md");
        daemon.awaitTurns(daemon.work().resolve("linked.md"), parent.turns());
        ClaudeSession fork = daemon.session("linking");
        fork.user("Please look", ",\"forkedFrom\":{\"sessionId\":\"" + parent.id() + "\",\"messageUuid\":\"u\"}");
        fork.personSays();
        fork.person("::capture linking.md");
        Path note = daemon.work().resolve("linking.md");
        daemon.awaitTurns(note, fork.turns());
        assertThat(Files.readString(note))
                .contains("*A copy of [claude/" + parent.id() + "](linked.md), which went on by itself.*");
    }

    @Test
    void aRecordThatIsWrittenTwiceIsOneOrder() throws Exception {
        ClaudeSession session = daemon.session("twice");
        session.personSays();
        session.person("::export twice.md");
        Path note = daemon.work().resolve("twice.md");
        List<String> before = session.turns();
        daemon.awaitTurns(note, before);
        List<String> lines = Files.readAllLines(session.file());
        session.raw(lines.getLast());
        daemon.settle(session);
        daemon.awaitTurns(note, before);
    }

    @Test
    void aHeadlessPromptIsObeyedOnlyWhereTheOwnerAllowsThat(@TempDir Path other) throws Exception {
        try (DaemonHarness headless = new DaemonHarness(other)) {
            headless.configure("allowedWriteRoots: ['" + headless.work() + "']\ncommands:\n  headless: true");
            headless.start();
            ClaudeSession session = headless.session("script");
            session.user(
                    "Do " + session.turn() + "\n\n::capture script.md",
                    ",\"promptSource\":\"sdk\",\"entrypoint\":\"sdk-cli\"");
            session.agentSays();
            headless.awaitTurns(headless.work().resolve("script.md"), session.turns());
        }
    }
}
