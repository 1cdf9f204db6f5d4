package dev.kept.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A disk without room, at each place that the daemon writes to: said, nothing spoiled, and it goes on when there is
 * room.
 */
@Timeout(120)
class FullDiskTest {
    private static final int DISK_KIB = 8 * 1024;
    private static final int LARGE = 20_000;

    @TempDir
    private Path temporary;

    private static void goOn(ClaudeSession session) throws IOException {
        for (int i = 0; i < 3; i++) {
            session.personSays();
            // More than fits into what is left of a page.
            session.assistant("x".repeat(LARGE) + "\n" + session.turn());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {".kept", ".kept/journals", ".kept/logs", "work"})
    void whatCannotBeWrittenIsSaidAndIsWrittenOnceThereIsRoom(String place) throws Exception {
        Path folder = temporary.toRealPath().resolve("h").resolve(place);
        try (SmallDisk disk = SmallDisk.over(folder, DISK_KIB);
                DaemonHarness daemon = new DaemonHarness(temporary, disk.prefix(), disk.seen())) {
            daemon.configure("allowedWriteRoots: ['" + daemon.work() + "']\nkeep: {minFreeBytes: 0MB}");
            daemon.start();
            Path note = disk.seen().apply(daemon.work().resolve("note.md"));
            ClaudeSession session = daemon.session("full");
            session.personSays();
            session.person("::capture note.md");
            session.agentSays();
            daemon.awaitTurns(note, session.turns());

            disk.fill();
            goOn(session);
            boolean noticed = !place.endsWith("logs");
            if (noticed) {
                daemon.eventually(() -> assertThat(daemon.problems())
                        .anySatisfy(problem -> assertThat(problem).contains("No space left")));
            } else {
                // Neither conversations nor notes need it.
                daemon.awaitTurns(note, session.turns());
            }
            disk.makeRoom();
            session.agentSays();
            daemon.awaitTurns(note, session.turns());
            daemon.eventually(
                    () -> assertThat(daemon.onTape(session.file())).isEqualTo(Files.readAllBytes(session.file())));

            disk.fill();
            goOn(session);
            ClaudeSession born = daemon.session("born");
            born.person("Said " + born.turn() + "\n\n::capture born.md");
            goOn(born);
            if (noticed) {
                daemon.eventually(() -> assertThat(daemon.problems())
                        .anySatisfy(problem -> assertThat(problem).contains("No space left")));
            }
            daemon.kill9();
            disk.makeRoom();
            daemon.start();
            daemon.awaitTurns(note, session.turns());
            daemon.awaitTurns(disk.seen().apply(daemon.work().resolve("born.md")), born.turns());
            for (ClaudeSession each : List.of(session, born)) {
                assertThat(daemon.onTape(each.file())).isEqualTo(Files.readAllBytes(each.file()));
            }
        }
    }

    @Test
    void withLessRoomThanMustStayFreeNothingMoreIsCopiedAndThatIsSaid() throws Exception {
        Path folder = temporary.toRealPath().resolve("h/.kept/tapes");
        try (SmallDisk disk = SmallDisk.over(folder, DISK_KIB);
                DaemonHarness daemon = new DaemonHarness(temporary, disk.prefix(), disk.seen())) {
            daemon.configure("allowedWriteRoots: ['" + daemon.work() + "']\nkeep: {minFreeBytes: 4MiB}");
            daemon.start();
            ClaudeSession session = daemon.session("room");
            session.personSays();
            daemon.settle(session);
            disk.fill();
            daemon.eventually(() -> {
                session.personSays();
                assertThat(daemon.problems())
                        .anySatisfy(problem ->
                                assertThat(problem).startsWith("disk.full").contains("waits in their own files"));
            });
            disk.makeRoom();
            daemon.eventually(() -> {
                session.agentSays();
                assertThat(daemon.onTape(session.file())).isEqualTo(Files.readAllBytes(session.file()));
            });
        }
    }

    @Test
    void aDaemonThatFindsNoRoomAtItsStartSaysSoAndHarmsNothing() throws Exception {
        Path folder = temporary.toRealPath().resolve("h/.kept");
        try (SmallDisk disk = SmallDisk.over(folder, DISK_KIB);
                DaemonHarness daemon = new DaemonHarness(temporary, disk.prefix(), disk.seen())) {
            daemon.configure("allowedWriteRoots: ['" + daemon.work() + "']\nkeep: {minFreeBytes: 0MB}");
            daemon.start();
            ClaudeSession session = daemon.session("start");
            session.personSays();
            session.person("::capture note.md");
            session.agentSays();
            daemon.awaitTurns(daemon.work().resolve("note.md"), session.turns());
            daemon.kill9();
            disk.fill();
            session.agentSays();
            assertThat(daemon.refusal()).contains("No space left");
            disk.makeRoom();
            daemon.start();
            daemon.awaitTurns(daemon.work().resolve("note.md"), session.turns());
        }
    }
}
