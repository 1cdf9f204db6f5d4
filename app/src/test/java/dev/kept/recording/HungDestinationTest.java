package dev.kept.recording;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kept.model.SessionKey;
import dev.kept.model.TapePosition;
import dev.kept.recording.contract.RecordingReport;
import dev.kept.recording.contract.RecordingReport.Prepared;
import dev.kept.recording.contract.RecordingReport.Written;
import dev.kept.recording.contract.RecordingWorkers.WriteRequest;
import dev.kept.recording.destination.DestinationAccess;
import dev.kept.recording.destination.DestinationResolver;
import dev.kept.recording.destination.GeneratedName;
import dev.kept.recording.destination.OpenDestination;
import dev.kept.recording.destination.PathPolicy;
import dev.kept.recording.destination.PathVerdict;
import dev.kept.recording.destination.Refusal;
import dev.kept.recording.io.RecordingIo;
import dev.kept.recording.io.RecordingThreads;
import dev.kept.recording.journal.JournalFiles;
import dev.kept.recording.journal.Mark;
import dev.kept.recording.journal.RecordingPlan;
import dev.kept.recording.journal.RecordingProgress;
import dev.kept.recording.render.TapeRenderer;
import dev.kept.replay.SubagentBranches;
import dev.kept.tape.ReadingGuard;
import dev.kept.testing.TestStyles;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** With real threads: a file system that does not answer holds up the recordings in its folders and nobody else. */
@Timeout(60)
class HungDestinationTest {
    private static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");

    @TempDir
    private Path temporary;

    private final BlockingQueue<RecordingReport> reports = new LinkedBlockingQueue<>();
    private final CountDownLatch answers = new CountDownLatch(1);
    private Path work = Path.of("/");
    private Path frozen = Path.of("/");
    private Hanging access = new Hanging(DestinationAccess.of(new PathPolicy(List.of(), work, List.of(), work)));
    private JournalFiles journals = new JournalFiles(work);

    /** Whatever lies below the frozen folder does not answer until it is let go. */
    private final class Hanging implements DestinationAccess {
        private final DestinationAccess real;

        Hanging(DestinationAccess real) {
            this.real = real;
        }

        private void waitIfFrozen(Path path) {
            try {
                if (path.startsWith(frozen)) {
                    answers.await();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public PathVerdict decide(Path file) {
            waitIfFrozen(file);
            return real.decide(file);
        }

        @Override
        public OpenDestination open(PathVerdict.Allowed allowed) throws IOException {
            waitIfFrozen(allowed.canonical());
            return real.open(allowed);
        }

        @Override
        public FileState inspect(Path file) throws IOException {
            waitIfFrozen(file);
            return real.inspect(file);
        }

        @Override
        public FileChannel read(Path file) throws IOException {
            waitIfFrozen(file);
            return real.read(file);
        }

        @Override
        public void force(Path folder) throws IOException {
            waitIfFrozen(folder);
            real.force(folder);
        }
    }

    @BeforeEach
    void makeFolders() throws IOException {
        Path home = temporary.toRealPath();
        work = Files.createDirectories(home.resolve("work"));
        frozen = Files.createDirectories(work.resolve("frozen"));
        Files.createDirectories(home.resolve(".kept/journals/claude"));
        journals = new JournalFiles(home.resolve(".kept/journals"));
        access = new Hanging(
                DestinationAccess.of(new PathPolicy(List.of(work), home.resolve(".kept"), List.of(), home)));
    }

    private RecordingIo workers() {
        return new RecordingIo(
                journals,
                access,
                new DestinationResolver(temporary, temporary),
                new TapeRenderer(TestStyles.usual(), new SubagentBranches()),
                new RecordingThreads.Real(),
                Clock.fixed(NOW, ZoneOffset.UTC),
                reports::add,
                ReadingGuard.NONE);
    }

    private WriteRequest request(String id, Path note, String text) {
        RecordingPlan plan = new RecordingPlan(
                id,
                new SessionKey("claude", "session"),
                RecordingPlan.Purpose.RECORDING,
                note,
                "source",
                TapePosition.START,
                "",
                Optional.empty(),
                NOW);
        RecordingProgress before = RecordingProgress.atStart(plan);
        RecordingProgress after = new RecordingProgress(1, Mark.at(new TapePosition(1, 5, 0), ""), "", 0, NOW);
        return new WriteRequest(plan, temporary, false, text, List.of(), before, after);
    }

    private Written written() throws InterruptedException {
        return (Written) Optional.ofNullable(reports.poll(20, TimeUnit.SECONDS)).orElseThrow();
    }

    private static GeneratedName name() {
        return GeneratedName.of(TestStyles.settings(), NOW, "t", new SessionKey("claude", "session"), Optional.empty());
    }

    @Test
    void aFolderThatDoesNotAnswerHoldsUpNobodyElse() throws Exception {
        try (RecordingIo workers = workers()) {
            workers.write(request("hung", frozen.resolve("a.md"), "hung\n"));
            for (int i = 0; i < 40; i++) {
                Path folder = Files.createDirectories(work.resolve("f" + i % 7));
                workers.write(request("r" + i, folder.resolve(i + ".md"), "text " + i + "\n"));
            }
            for (int i = 0; i < 40; i++) {
                Written done = written();
                assertThat(done.outcome()).isInstanceOf(Written.Done.class);
                assertThat(done.recordingId()).isNotEqualTo("hung");
            }
            assertThat(frozen.resolve("a.md")).doesNotExist();
            answers.countDown();
            assertThat(written().recordingId()).isEqualTo("hung");
            assertThat(frozen.resolve("a.md")).hasContent("hung\n");
        }
    }

    @Test
    void commandsThatNameAHungPlaceDoNotHoldUpOthersAndTooManyAreRefused() throws Exception {
        try (RecordingIo workers = workers()) {
            for (int i = 0; i < 30; i++) {
                workers.prepare(i, Optional.of(frozen.resolve(i + ".md").toString()), Optional.of(work), name());
            }
            for (int i = 16; i < 30; i++) {
                Prepared refused = (Prepared)
                        Optional.ofNullable(reports.poll(20, TimeUnit.SECONDS)).orElseThrow();
                assertThat(refused.verdict())
                        .isInstanceOfSatisfying(
                                Prepared.Refused.class,
                                said -> assertThat(said.refusal().code()).isEqualTo(Refusal.Code.UNREADABLE));
            }
            answers.countDown();
            for (int i = 0; i < 16; i++) {
                Prepared ready = (Prepared)
                        Optional.ofNullable(reports.poll(20, TimeUnit.SECONDS)).orElseThrow();
                assertThat(ready.verdict()).isInstanceOf(Prepared.Ready.class);
            }
        }
    }

    @Test
    void theEndOfTheDaemonWaitsAFewSecondsForAHungFolderAndNoLonger() throws Exception {
        RecordingIo workers = workers();
        workers.write(request("hung", frozen.resolve("a.md"), "hung\n"));
        workers.write(request("hung-2", frozen.resolve("deep/b.md"), "hung\n"));
        Thread closing = Thread.ofPlatform().start(workers::close);
        assertThat(closing.join(Duration.ofSeconds(30))).as("it ends").isTrue();
        assertThat(answers.getCount()).as("while the folder still hangs").isOne();
        answers.countDown();
        // What hung still writes its notes; the folder must not be removed meanwhile.
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().startsWith("kept-write")) {
                assertThat(thread.join(Duration.ofSeconds(30)))
                        .as("%s ends", thread.getName())
                        .isTrue();
            }
        }
    }

    @Test
    void aPipeThatTookTheNotesPlaceIsNotWaitedFor() throws Exception {
        Path note = work.resolve("a.md");
        WriteRequest request = request("piped", note, "a chunk\n");
        try (RecordingIo workers = workers()) {
            workers.write(request);
            assertThat(written().outcome()).isInstanceOf(Written.Done.class);
            Files.delete(note);
            assertThat(new ProcessBuilder("mkfifo", note.toString()).start().waitFor())
                    .isZero();
            workers.recover(request.plan(), request.before());
            RecordingReport.Recovered recovered = (RecordingReport.Recovered)
                    Optional.ofNullable(reports.poll(20, TimeUnit.SECONDS)).orElseThrow();
            assertThat(recovered.finding())
                    .isInstanceOfSatisfying(
                            RecordingReport.Recovered.Blocked.class,
                            blocked -> assertThat(blocked.refusal().code()).isEqualTo(Refusal.Code.NOT_A_REGULAR_FILE));
            workers.write(request);
            assertThat(written().outcome()).isInstanceOf(Written.Refused.class);
        }
    }
}
