package dev.kept.daemon.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kept.config.KeptHome;
import dev.kept.daemon.ProcessMetrics;
import dev.kept.daemon.checkpoint.Checkpoints;
import dev.kept.daemon.source.DecoderSwap;
import dev.kept.daemon.source.SwapFile;
import dev.kept.observe.AuditLog;
import dev.kept.observe.OperationalLog;
import dev.kept.recording.RecordingEngine;
import dev.kept.recording.destination.PathPolicy;
import dev.kept.recording.io.RecordingIo;
import dev.kept.recording.journal.JournalFiles;
import dev.kept.recording.writer.RecordingStyles;
import dev.kept.replay.SubagentBranches;
import dev.kept.session.InMemorySessionSnapshotStore;
import dev.kept.session.SnapshotLimits;
import dev.kept.tape.ReadingGuard;
import dev.kept.testing.TestStyles;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class PipelineTest {
    @TempDir
    private Path temporary;

    /** A clock that breaks when told to: a fault in whoever asks it. */
    private static final class BreakingClock extends Clock {
        private final AtomicBoolean broken = new AtomicBoolean();

        @Override
        public Instant instant() {
            if (broken.get()) {
                throw new IllegalStateException("this clock is broken");
            }
            return Instant.now();
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }

    @Test
    @Timeout(30)
    void aFaultInTheTickIsReportedAndThePipelineGoesOn() throws Exception {
        KeptHome home = new KeptHome(temporary.toRealPath().resolve(".kept"), temporary.toRealPath());
        home.createDirectories();
        Clock clock = Clock.systemUTC();
        BreakingClock breaking = new BreakingClock();
        DaemonLog log = new DaemonLog(OperationalLog.open(home, clock), AuditLog.open(home, clock), () -> {});
        InMemorySessionSnapshotStore store = new InMemorySessionSnapshotStore(
                new SnapshotLimits(1 << 24, 100, 1000), ProcessMetrics.heapLayout(), (a, b, c, d) -> {});
        DecoderSwap swap = new DecoderSwap(
                new SwapFile(home.state()), DecoderSwap.LIVE_BYTES, clock, e -> log.error("parking.unusable", e));
        Pipeline pipeline = new Pipeline(Map.of(), store, swap, log, clock, ReadingGuard.NONE);
        RecordingStyles styles = TestStyles.usual();
        SubagentBranches lines = new SubagentBranches();
        try (RecordingIo io = new RecordingIo(
                new JournalFiles(home.journals()),
                new PathPolicy(List.of(), home.directory(), List.of(), home.userHome()),
                styles,
                lines,
                clock,
                report -> pipeline.send(new PipelineMessage.FromRecordings(report)),
                ReadingGuard.NONE)) {
            RecordingEngine engine = new RecordingEngine(
                    io, pipeline.reporter(), styles, lines, _ -> List.of(), false, _ -> {}, breaking);
            breaking.broken.set(true);
            Checkpoints checkpoints = new Checkpoints(home.state(), home.tapes(), "a test");
            pipeline.start(
                    engine, new Checkpoints.Restored(Map.of()), new CheckpointThread(checkpoints, pipeline::send, log));
            // The first heartbeat comes at once; whatever it meets, this is answered.
            DaemonView view = pipeline.view();
            while (view.problems().isEmpty()) {
                view = pipeline.view();
            }
            assertThat(view.problems())
                    .anyMatch(problem -> problem.code().equals("daemon.fault")
                            && problem.message().contains("this clock is broken"));
            breaking.broken.set(false);
            pipeline.end();
        } finally {
            log.close();
        }
    }
}
