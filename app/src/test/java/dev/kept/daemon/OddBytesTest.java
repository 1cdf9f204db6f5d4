package dev.kept.daemon;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whatever stands in a session's file, or in its place: it is kept as it is, and the turns around it are recorded. */
@Timeout(120)
class OddBytesTest {
    @TempDir
    private Path temporary;

    private DaemonHarness daemon;

    @BeforeEach
    void startDaemon() throws Exception {
        daemon = new DaemonHarness(temporary).start();
    }

    @AfterEach
    void endDaemon() {
        daemon.close();
    }

    private static void append(ClaudeSession session, byte[] bytes) throws IOException {
        Files.write(session.file(), bytes, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    private static void append(ClaudeSession session, String text) throws IOException {
        append(session, text.getBytes(UTF_8));
    }

    private Path capture(ClaudeSession session) throws IOException {
        Path note = daemon.work().resolve(session.word() + ".md");
        session.personSays();
        session.person("::capture " + note);
        daemon.awaitTurns(note, session.turns());
        return note;
    }

    private void assertOnTape(ClaudeSession session) {
        daemon.eventually(
                () -> assertThat(daemon.onTape(session.file())).isEqualTo(Files.readAllBytes(session.file())));
    }

    @Test
    void bytesThatAreNoRecordAreKeptAndTheTurnsAroundThemAreRecorded() throws Exception {
        ClaudeSession session = daemon.session("odd");
        Path note = capture(session);
        List<byte[]> odd = List.of(
                "\uFEFF".getBytes(UTF_8),
                "\r\n\r\n\n\n  \n".getBytes(UTF_8),
                new byte[] {(byte) 0xff, (byte) 0xfe, (byte) 0xc3, '\n'},
                "null\n".getBytes(UTF_8),
                "{\"type\":\"user\"} {\"type\":\"user\"}\n".getBytes(UTF_8),
                "{\"type\":\"user\",\"type\":\"assistant\",\"message\":{},\"message\":7}\n".getBytes(UTF_8),
                ("{\"a\":".repeat(10_000) + "1" + "}".repeat(10_000) + "\n").getBytes(UTF_8),
                ("[".repeat(10_000) + "\n").getBytes(UTF_8),
                "{\"type\":\"user\",\"message\":{\"content\":\"\\ud800 \\udc00\\ud800\"}}\n".getBytes(UTF_8),
                "\"just a string\"\n17\n[]\n{}\n".getBytes(UTF_8),
                "{\"type\":\"assistant\",\"message\":{\"content\":[{\"type\":null},null,7,[]]}}\n".getBytes(UTF_8),
                new byte[4096],
                "\n".getBytes(UTF_8));
        for (byte[] each : odd) {
            append(session, each);
            session.agentSays();
        }
        daemon.awaitTurns(note, session.turns());
        assertOnTape(session);
        daemon.restart();
        session.agentSays();
        daemon.awaitTurns(note, session.turns());
        assertOnTape(session);
        assertThat(daemon.status().providers().getFirst().recordsUnknown()).isPositive();
    }

    @Test
    void aFileInWhichNothingNamesASessionIsNamedUntilSomethingDoes() throws Exception {
        Path file = daemon.session("named").file().resolveSibling("copy.jsonl");
        Files.createDirectories(file.getParent());
        String record = "{\"type\":\"user\",\"uuid\":\"n1\",\"message\":{\"content\":\"Who am I?\"}}\n";
        Files.writeString(file, record);
        daemon.eventually(() -> assertThat(daemon.problems())
                .anyMatch(text -> text.startsWith("source.nameless: ") && text.contains(file.toString())));
        Files.writeString(file, record.replace("n1", "n2\",\"sessionId\":\"s-1"), StandardOpenOption.APPEND);
        daemon.eventually(() -> assertThat(daemon.problems()).noneMatch(text -> text.startsWith("source.nameless")));
    }

    @Test
    void aLineThatDoesNotEndIsOnTapeAndIsATurnOnceItEnds() throws Exception {
        ClaudeSession session = daemon.session("open");
        Path note = capture(session);
        ClaudeSession other = daemon.session("other");
        Path otherNote = capture(other);
        append(session, "{\"type\":\"assistant\",\"unended\":\"");
        for (int i = 0; i < 40; i++) {
            append(session, "x".repeat(50_000));
            other.agentSays();
        }
        assertOnTape(session);
        daemon.awaitTurns(otherNote, other.turns());
        assertThat(DaemonHarness.turns(note)).isEqualTo(session.turns());
        append(session, "\"}\n");
        session.agentSays();
        daemon.awaitTurns(note, session.turns());
        assertOnTape(session);
    }

    @Test
    void behindATornRecordTheTurnsOfItsLineAreRecordedAndSoIsALastOneWithoutALineEnd() throws Exception {
        ClaudeSession session = daemon.session("torn");
        Path note = capture(session);
        append(session, "{\"type\":\"assistant\",\"message\":{\"content\":[{\"type\":\"text\",\"text\":\"never fin");
        session.personSays();
        session.agentSays();
        daemon.awaitTurns(note, session.turns());
        daemon.eventually(() -> assertThat(daemon.status().problems())
                .anySatisfy(problem -> assertThat(problem.message()).contains("torn record")));
        byte[] before = Files.readAllBytes(session.file());
        session.agentSays();
        byte[] after = Files.readAllBytes(session.file());
        Files.write(session.file(), Arrays.copyOf(after, after.length - 1));
        assertThat(after.length).isGreaterThan(before.length);
        daemon.awaitTurns(note, session.turns());
        append(session, "\n");
        session.agentSays();
        daemon.awaitTurns(note, session.turns());
        assertOnTape(session);
        daemon.restart();
        session.agentSays();
        daemon.awaitTurns(note, session.turns());
    }

    @Test
    void aPipeALoopOfLinksAndAFolderInASourcesPlaceHoldUpNothingAndItIsFollowedAgain() throws Exception {
        ClaudeSession session = daemon.session("place");
        ClaudeSession other = daemon.session("other");
        Path otherNote = capture(other);
        Path note = capture(session);
        byte[] whole = Files.readAllBytes(session.file());
        Path folder = daemon.projects();
        // Links that lead to themselves, as a folder of sessions and as a file.
        Files.createSymbolicLink(folder.resolve("loop"), folder);
        Path self = folder.resolve("self.jsonl");
        Files.createSymbolicLink(self, self);
        for (String become : List.of("pipe", "loop", "folder")) {
            Files.delete(session.file());
            switch (become) {
                case "pipe" ->
                    assertThat(new ProcessBuilder("mkfifo", session.file().toString())
                                    .start()
                                    .waitFor(10, TimeUnit.SECONDS))
                            .isTrue();
                case "loop" -> Files.createSymbolicLink(session.file(), session.file());
                default -> Files.createDirectory(session.file());
            }
            daemon.eventually(() -> assertThat(daemon.problems())
                    .anySatisfy(problem -> assertThat(problem).contains(session.id())));
            other.agentSays();
            daemon.awaitTurns(otherNote, other.turns());
            Files.delete(session.file());
            Path again = Files.write(temporary.resolve("again"), whole);
            Files.move(again, session.file());
            session.agentSays();
            whole = Files.readAllBytes(session.file());
            daemon.awaitTurns(note, session.turns());
            assertOnTape(session);
        }
    }

    @Test
    void aFlippedByteOfATapeHarmsNoOtherRecordAndIsMendedWhileTheSourceIsThere() throws Exception {
        ClaudeSession session = daemon.session("flip");
        Path note = capture(session);
        for (int i = 0; i < 10; i++) {
            session.agentSays();
        }
        daemon.awaitTurns(note, session.turns());
        daemon.stop();
        Path tape = daemon.tapeFile(session.file());
        byte[] bytes = Files.readAllBytes(tape);
        bytes[bytes.length - 40] ^= 0x20;
        Files.write(tape, bytes);
        daemon.start();
        session.personSays();
        // The damaged record is told anew from the source: nobody can know that it stood in the note already.
        daemon.eventually(
                () -> assertThat(DaemonHarness.turns(note).stream().distinct().toList())
                        .isEqualTo(session.turns()));
        // The damaged generation stays as it is; the newest is the source again.
        assertOnTape(session);
        assertThat(daemon.onTape(session.file(), 1)).isEqualTo(bytes);
        assertThat(daemon.status().providers().getFirst().rewritesDetected()).isEqualTo(1);
    }
}
