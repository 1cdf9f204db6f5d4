package dev.kept.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kept.control.ControlClient;
import dev.kept.control.ControlRequest;
import dev.kept.control.SealAnswer;
import dev.kept.ingest.seal.SealProgress;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The daemon seals tapes, and everything that reads them goes on. */
@Timeout(240)
class SealedTapesTest {
    private static final long SEED = Long.getLong("kept.seed", 20_261_122L);
    private static final int KILLS = 12;

    @TempDir
    private Path temporary;

    private DaemonHarness daemon;

    @BeforeEach
    void makeDaemon() throws Exception {
        daemon = new DaemonHarness(temporary);
    }

    @AfterEach
    void endDaemon() {
        daemon.close();
    }

    private ClaudeSession talk(String word, int turns) throws IOException {
        ClaudeSession session = daemon.session(word);
        for (int i = 0; i < turns; i++) {
            session.personSays();
            session.tool("the output of " + session.turn() + " " + "0123456789 and so on ".repeat(200));
            session.agentSays();
        }
        return session;
    }

    private static void rested(ClaudeSession session, int days) throws IOException {
        Files.setLastModifiedTime(session.file(), FileTime.from(Instant.now().minus(Duration.ofDays(days))));
    }

    private List<String> files(ClaudeSession session) throws IOException {
        try (Stream<Path> files = Files.list(
                Objects.requireNonNull(daemon.tapeFile(session.file()).getParent()))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(file -> file.contains(".jsonl"))
                    .sorted()
                    .toList();
        }
    }

    private SealProgress seal(Optional<Duration> rest) throws IOException {
        ControlClient client = new ControlClient(daemon.home(), Duration.ofSeconds(10));
        return SealAnswer.read(client.ask(new ControlRequest.Seal(rest)).orElseThrow())
                .orElseThrow();
    }

    private void sealAll() throws IOException {
        seal(Optional.of(Duration.ZERO));
        daemon.eventually(() -> assertThat(seal(Optional.empty()).running()).isFalse());
    }

    @Test
    void whatHasRestedSinceBeforeKeptIsSealedUnaskedAndOnlyThat() throws Exception {
        ClaudeSession old = talk("old", 60);
        ClaudeSession young = talk("young", 2);
        rested(old, 15);
        rested(young, 13);
        daemon.start();
        daemon.eventually(() -> assertThat(files(old)).containsExactly("0001.jsonl.zst"));
        assertThat(files(young)).containsExactly("0001.jsonl");
        assertThat(daemon.onTape(old.file())).isEqualTo(Files.readAllBytes(old.file()));
        assertThat(daemon.problems()).isEmpty();
        daemon.restart();
        daemon.eventually(() -> assertThat(daemon.status(old)).isPresent());
        assertThat(daemon.problems()).isEmpty();
    }

    @Test
    void neverMeansNever() throws Exception {
        daemon.configure("tape:\n  sealAfter: never");
        ClaudeSession old = talk("old", 1);
        rested(old, 1000);
        daemon.start();
        daemon.eventually(() -> assertThat(daemon.status(old)).isPresent());
        assertThat(seal(Optional.empty())).isEqualTo(SealProgress.NONE);
        sealAll();
        assertThat(files(old)).as("but when it is asked for").containsExactly("0001.jsonl.zst");
    }

    @Test
    void aTapeWithAFlippedByteIsNotSealedAndStatusSaysWhichBytesAreDamaged() throws Exception {
        ClaudeSession session = talk("a", 60);
        daemon.start();
        daemon.eventually(
                () -> assertThat(daemon.onTape(session.file())).isEqualTo(Files.readAllBytes(session.file())));
        daemon.eventually(() -> assertThat(daemon.status(session)).isPresent());
        byte[] bytes = daemon.onTape(session.file());
        bytes[100_000] ^= 1;
        // In its place: the tape may still be read.
        try (FileChannel tape = FileChannel.open(daemon.tapeFile(session.file()), StandardOpenOption.WRITE)) {
            tape.write(ByteBuffer.wrap(bytes, 100_000, 1), 100_000);
        }
        sealAll();
        assertThat(files(session)).containsExactly("0001.jsonl");
        assertThat(daemon.onTape(session.file())).isEqualTo(bytes);
        assertThat(daemon.problems())
                .singleElement()
                .asString()
                .contains("tape.altered", "the bytes from 65536 to 131072 are damaged", "kept doctor --verify");
    }

    @Test
    void aSessionThatIsSealedIsCapturedWholeAndFollowed() throws Exception {
        ClaudeSession session = talk("a", 150);
        daemon.start();
        daemon.eventually(
                () -> assertThat(daemon.onTape(session.file())).isEqualTo(Files.readAllBytes(session.file())));
        daemon.eventually(() -> assertThat(daemon.status(session)).isPresent());
        sealAll();
        assertThat(files(session)).containsExactly("0001.jsonl.zst");
        Path note = daemon.work().resolve("a.md");
        session.person("::capture a.md");
        session.personSays();
        daemon.awaitTurns(note, session.turns());
        sealAll();
        assertThat(files(session)).hasSize(2).allMatch(name -> name.endsWith(".zst"));
        session.agentSays();
        daemon.awaitTurns(note, session.turns());
        daemon.restart();
        session.personSays();
        daemon.awaitTurns(note, session.turns());
        assertThat(daemon.onTape(session.file())).isEqualTo(Files.readAllBytes(session.file()));
        // Without its checkpoint it reads all tapes again, the sealed ones, too.
        assertThat(daemon.stop()).isZero();
        Files.deleteIfExists(daemon.checkpoint());
        daemon.start();
        session.agentSays();
        daemon.awaitTurns(note, session.turns());
        assertThat(daemon.problems()).isEmpty();
    }

    @Test
    void whereverTheDaemonIsKilledWhileItSealsEveryByteIsThere() throws Exception {
        Random random = new Random(SEED);
        List<ClaudeSession> sessions = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            sessions.add(talk("s" + i, 40 + 60 * i));
        }
        daemon.start();
        for (ClaudeSession session : sessions) {
            daemon.eventually(
                    () -> assertThat(daemon.onTape(session.file())).isEqualTo(Files.readAllBytes(session.file())));
        }
        for (int kill = 0; kill < KILLS; kill++) {
            seal(Optional.of(Duration.ZERO));
            Thread.sleep(random.nextInt(60));
            daemon.kill9();
            for (ClaudeSession session : sessions) {
                assertThat(daemon.onTape(session.file()))
                        .as("kill %d, seed %d, %s", kill, SEED, files(session))
                        .isEqualTo(Files.readAllBytes(session.file()));
            }
            ClaudeSession grown = sessions.get(random.nextInt(sessions.size()));
            grown.personSays();
            daemon.start();
            daemon.eventually(
                    () -> assertThat(daemon.onTape(grown.file())).isEqualTo(Files.readAllBytes(grown.file())));
        }
        for (ClaudeSession session : sessions) {
            daemon.eventually(() -> assertThat(daemon.status(session)).isPresent());
        }
        daemon.eventually(() -> {
            sealAll();
            for (ClaudeSession session : sessions) {
                assertThat(files(session)).allMatch(name -> name.endsWith(".zst"));
            }
        });
        for (ClaudeSession session : sessions) {
            assertThat(daemon.onTape(session.file())).isEqualTo(Files.readAllBytes(session.file()));
        }
        assertThat(daemon.problems()).isEmpty();
    }
}
