package dev.kept.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kept.agents.Providers;
import dev.kept.archive.Restoration;
import dev.kept.archive.SessionArchive;
import dev.kept.archive.StoredTape;
import dev.kept.status.StatusReport.SessionStatus;
import dev.kept.tape.TapeLibrary;
import dev.kept.tape.TapeReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Gemini's files as Gemini treats them, with the real daemon beside them. */
class GeminiSessionsTest {
    private static final String OTHER = "22222222-aaaa-4bbb-8ccc-000000000002";
    private static final String ID = "11111111-aaaa-4bbb-8ccc-000000000001";

    @TempDir
    Path folder;

    @Test
    void aSessionThatGeminiDeletesIsKeptToItsLastByteAndShownAsGone() throws Exception {
        try (DaemonHarness daemon = new DaemonHarness(folder)) {
            Path chats = chats(daemon);
            daemon.start();
            Path file = chats.resolve("session-2026-11-02T09-00-11111111.jsonl");
            String text = header(ID) + user("u1", "Which lamp is on?") + gemini("g1", "Lamp 2.");
            Files.writeString(file, text);
            // A resume in a later minute leaves a second file with the same session, and goes on in the first.
            Path stray = chats.resolve("session-2026-11-02T09-05-11111111.jsonl");
            Files.writeString(stray, header(ID));
            daemon.eventually(() -> assertThat(session(daemon, ID)).hasValueSatisfying(status -> {
                assertThat(status.sourcePresent()).isTrue();
                assertThat(status.cwd()).hasValue(daemon.work().toString());
                assertThat(status.snippet()).hasValue("Which lamp is on?");
            }));
            daemon.eventually(() -> assertThat(onTape(daemon, stray)).isNotEmpty());
            String more = user("u2", "Switch it off.") + gemini("g2", "Done.");
            Files.writeString(file, more, StandardOpenOption.APPEND);
            daemon.eventually(() -> assertThat(onTape(daemon, file)).isEqualTo(text + more));
            // The next start of Gemini removes both.
            Files.delete(stray);
            Files.delete(file);
            daemon.eventually(() -> assertThat(session(daemon, ID))
                    .hasValueSatisfying(
                            status -> assertThat(status.sourcePresent()).isFalse()));
            assertThat(onTape(daemon, file)).isEqualTo(text + more);
            daemon.restart();
            daemon.eventually(() -> assertThat(session(daemon, ID)).hasValueSatisfying(status -> {
                assertThat(status.sourcePresent()).isFalse();
                assertThat(status.snippet()).hasValue("Which lamp is on?");
            }));
            assertThat(onTape(daemon, file)).isEqualTo(text + more);
        }
    }

    @Test
    void theHistoryThatIsWrittenAgainGivesNoOrderAgain() throws Exception {
        try (DaemonHarness daemon = new DaemonHarness(folder)) {
            Path chats = chats(daemon);
            daemon.start();
            Path file = chats.resolve("session-2026-11-02T09-00-11111111.jsonl");
            follow(daemon, file, header(ID) + user("u0", "Hello."));
            String export = user("u1", "Look.\n\n::export " + daemon.work().resolve("one.md"));
            Files.writeString(file, export + gemini("g1", "Here it is."), StandardOpenOption.APPEND);
            Path note = daemon.work().resolve("one.md");
            daemon.eventually(() -> assertThat(Files.readString(note)).containsOnlyOnce("::export"));
            String again = "{\"$set\":{\"sessionId\":\"" + ID + "\"}}\n{\"$set\":{\"messages\":[" + export.strip() + ","
                    + export.strip().replace("\"u1\"", "\"new-id\"") + "],\"lastUpdated\":\"" + aWhileAgo() + "\"}}\n";
            Files.writeString(
                    file, again + user("u2", "::export " + daemon.work().resolve("two.md")), StandardOpenOption.APPEND);
            daemon.eventually(() -> assertThat(Files.readString(daemon.work().resolve("two.md")))
                    .containsOnlyOnce("Here it is."));
            // A second export to a file goes below the first.
            assertThat(Files.readString(note)).containsOnlyOnce("::export");
        }
    }

    @Test
    void anOldDocumentAndItsCopyAreOneSessionThatSaysNothingTwice() throws Exception {
        try (DaemonHarness daemon = new DaemonHarness(folder)) {
            Path chats = chats(daemon);
            daemon.start();
            String message = user("u1", "Which lamp is on?").strip();
            Files.writeString(
                    chats.resolve("session-2026-11-02T09-00-11111111.json"),
                    "{\"sessionId\":\"" + ID + "\",\"projectHash\":\"p\",\"messages\":[" + message + "]}");
            daemon.eventually(() -> assertThat(session(daemon, ID))
                    .hasValueSatisfying(
                            status -> assertThat(status.eventCount()).isEqualTo(1)));
            Files.writeString(
                    chats.resolve("session-2026-11-02T09-00-11111111.jsonl"),
                    header(ID) + message + "\n" + gemini("g1", "Lamp 2."));
            daemon.eventually(() -> assertThat(session(daemon, ID))
                    .hasValueSatisfying(
                            status -> assertThat(status.eventCount()).isEqualTo(2)));
        }
    }

    @Test
    void theNoteOfAnOldDocumentGoesOnInItsCopyAndRepeatsNothing() throws Exception {
        try (DaemonHarness daemon = new DaemonHarness(folder)) {
            Path chats = chats(daemon);
            Path document = chats.resolve("session-2026-11-02T09-00-11111111.json");
            daemon.start();
            Path note = daemon.work().resolve("note.md");
            List<String> said =
                    new ArrayList<>(List.of(user("u0", "Hello turn-a-0.").strip()));
            Files.writeString(document, document(said));
            daemon.eventually(() -> assertThat(session(daemon, ID)).isPresent());
            said.add(user("u1", "And turn-a-1.\n\n::capture " + note).strip());
            said.add(gemini("g1", "I see turn-a-2.").strip());
            Files.writeString(document, document(said));
            daemon.awaitTurns(note, List.of("turn-a-0", "turn-a-1", "turn-a-2"));

            Path copy = chats.resolve("session-2026-11-02T09-00-11111111.jsonl");
            Files.writeString(copy, header(ID) + String.join("\n", said) + "\n" + user("u2", "Now turn-a-3."));
            List<String> four = List.of("turn-a-0", "turn-a-1", "turn-a-2", "turn-a-3");
            daemon.awaitTurns(note, four);
            daemon.kill9();
            daemon.start();
            Files.writeString(copy, gemini("g2", "I see turn-a-4."), StandardOpenOption.APPEND);
            daemon.awaitTurns(note, List.of("turn-a-0", "turn-a-1", "turn-a-2", "turn-a-3", "turn-a-4"));
            daemon.stop();
            assertThat(daemon.exported(ID)).containsExactly("turn-a-0", "turn-a-1", "turn-a-2", "turn-a-3", "turn-a-4");
        }
    }

    @Test
    void aCopyThatWasMadeWhileKeptWasDownRepeatsNothing() throws Exception {
        try (DaemonHarness daemon = new DaemonHarness(folder)) {
            Path chats = chats(daemon);
            Path document = chats.resolve("session-2026-11-02T09-00-11111111.json");
            daemon.start();
            Path note = daemon.work().resolve("note.md");
            List<String> said =
                    new ArrayList<>(List.of(user("u0", "Hello turn-a-0.").strip()));
            Files.writeString(document, document(said));
            daemon.eventually(() -> assertThat(session(daemon, ID)).isPresent());
            said.add(user("u1", "And turn-a-1.\n\n::capture " + note).strip());
            Files.writeString(document, document(said));
            daemon.awaitTurns(note, List.of("turn-a-0", "turn-a-1"));
            daemon.stop();
            said.add(gemini("g1", "I see turn-a-2.").strip());
            Files.writeString(document, document(said));
            Path copy = chats.resolve("session-2026-11-02T09-00-11111111.jsonl");
            Files.writeString(copy, header(ID) + String.join("\n", said) + "\n" + user("u2", "Now turn-a-3."));
            daemon.start();
            List<String> four = List.of("turn-a-0", "turn-a-1", "turn-a-2", "turn-a-3");
            daemon.awaitTurns(note, four);
            Files.writeString(copy, gemini("g2", "I see turn-a-4."), StandardOpenOption.APPEND);
            daemon.awaitTurns(note, List.of("turn-a-0", "turn-a-1", "turn-a-2", "turn-a-3", "turn-a-4"));
        }
    }

    private static String document(List<String> messages) {
        return "{\"sessionId\":\"" + ID + "\",\"projectHash\":\"p\",\"messages\":[" + String.join(",", messages) + "]}";
    }

    @Test
    void everyVersionOfADocumentThatWasSeenComesBackByteForByte() throws Exception {
        try (DaemonHarness daemon = new DaemonHarness(folder)) {
            Path file = chats(daemon).resolve("session-2026-11-02T09-00-11111111.json");
            daemon.start();
            String first = indented(
                    "{\n      \"id\": \"u1\",\n      \"type\": \"user\",\n      \"content\": \"Hi \\u00e9\"\n    }");
            // Not as JSON.stringify writes it: this version is kept whole.
            String second = "{\"sessionId\" : \"" + ID + "\", \"messages\": [ "
                    + user("u2", "Go on.").strip() + " ]}\n";
            for (String version : new String[] {first, second, first}) {
                Files.writeString(file, version);
                daemon.eventually(
                        () -> assertThat(comesBack(daemon, newest(daemon))).isEqualTo(version));
            }
            daemon.restart();
            Files.delete(file);

            assertThat(newest(daemon)).isEqualTo(3);
            assertThat(comesBack(daemon, 1)).isEqualTo(first);
            assertThat(comesBack(daemon, 2)).isEqualTo(second);
            assertThat(comesBack(daemon, 3)).isEqualTo(first);
            assertThat(comesBack(daemon, 3, Optional.of(Restoration.NewIds.of(ID, OTHER))))
                    .isEqualTo(first.replace(ID, OTHER));
        }
    }

    private static String indented(String message) {
        return "{\n  \"sessionId\": \"" + ID + "\",\n  \"messages\": [\n    " + message + "\n  ]\n}";
    }

    private static StoredTape tape(DaemonHarness daemon) throws IOException {
        return new SessionArchive(daemon.home(), Providers.ALL).tapes().getFirst();
    }

    private static int newest(DaemonHarness daemon) throws IOException {
        return Restoration.states(tape(daemon));
    }

    private static String comesBack(DaemonHarness daemon, int version) throws IOException {
        return comesBack(daemon, version, Optional.empty());
    }

    private static String comesBack(DaemonHarness daemon, int version, Optional<Restoration.NewIds> newId)
            throws IOException {
        Path target = daemon.work().resolve("back.json");
        Files.deleteIfExists(target);
        Restoration restoration = new Restoration(tape(daemon), version, target, newId, false);
        long[] told = new long[1];
        restoration.carryOut(bytes -> told[0] += bytes);
        assertThat(told[0]).isEqualTo(restoration.length()).isEqualTo(Files.size(target));
        return Files.readString(target);
    }

    @Test
    void twoServersThatShareAFileAreTwoSessionsWithNotesOfTheirOwn() throws Exception {
        try (DaemonHarness daemon = new DaemonHarness(folder)) {
            Path file = chats(daemon).resolve("session-2026-11-02T09-00-a2a-serv.jsonl");
            daemon.start();
            Path b = daemon.work().resolve("b.md");
            follow(daemon, file, header("a2a-server-a") + user("ua", "Said in a."));
            Files.writeString(
                    file,
                    header("a2a-server-b") + user("ub", "Said in b.\n\n::export " + b),
                    StandardOpenOption.APPEND);
            daemon.eventually(
                    () -> assertThat(Files.readString(b)).contains("Said in b.").doesNotContain("Said in a."));
            assertThat(session(daemon, "a2a-server-a")).isPresent();
            assertThat(session(daemon, "a2a-server-b"))
                    .hasValueSatisfying(status ->
                            assertThat(status.cwd()).hasValue(daemon.work().toString()));
        }
    }

    /** Writes the beginning of a file and waits until it is followed: what is said from then on may give orders. */
    private static void follow(DaemonHarness daemon, Path file, String text) throws IOException {
        Files.writeString(file, text);
        daemon.eventually(() -> assertThat(daemon.status().sessions()).isNotEmpty());
    }

    private static Path chats(DaemonHarness daemon) throws IOException {
        Path project = daemon.home().userHome().resolve(".gemini/tmp/light");
        Files.createDirectories(project.resolve("chats"));
        Files.writeString(project.resolve(".project_root"), daemon.work().toString());
        return project.resolve("chats");
    }

    private static Optional<SessionStatus> session(DaemonHarness daemon, String id) throws IOException {
        return daemon.status().sessions().stream()
                .filter(status ->
                        status.provider().equals("gemini") && status.sessionId().equals(id))
                .findFirst();
    }

    private static String onTape(DaemonHarness daemon, Path source) throws IOException {
        Path tape = new TapeLibrary(daemon.home().tapes()).folder("gemini", TapeLibrary.sourceId(source));
        try (TapeReader reader = TapeReader.open(tape)) {
            ByteBuffer all = ByteBuffer.allocate(Math.toIntExact(reader.length(1)));
            while (all.hasRemaining() && reader.read(1, all.position(), all) > 0) {
                // Until all is read.
            }
            return new String(all.array(), StandardCharsets.UTF_8);
        }
    }

    private static String now() {
        return Instant.now().truncatedTo(ChronoUnit.MILLIS).toString();
    }

    private static String aWhileAgo() {
        return Instant.now().minusSeconds(30).truncatedTo(ChronoUnit.MILLIS).toString();
    }

    /** A header of a run that began a while ago. */
    private static String header(String session) {
        String began = aWhileAgo();
        return "{\"sessionId\":\"" + session + "\",\"projectHash\":\"p\",\"startTime\":\"" + began
                + "\",\"lastUpdated\":\"" + began + "\",\"kind\":\"main\"}\n";
    }

    private static String user(String id, String text) {
        return "{\"id\":\"" + id + "\",\"timestamp\":\"" + now() + "\",\"type\":\"user\",\"content\":[{\"text\":"
                + ClaudeSession.quoted(text) + "}]}\n";
    }

    private static String gemini(String id, String text) {
        return "{\"id\":\"" + id + "\",\"timestamp\":\"" + now() + "\",\"type\":\"gemini\",\"content\":"
                + ClaudeSession.quoted(text) + ",\"model\":\"gemini-2.5-pro\"}\n";
    }
}
