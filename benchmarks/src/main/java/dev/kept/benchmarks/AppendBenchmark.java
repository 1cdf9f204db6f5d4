package dev.kept.benchmarks;

import dev.kept.agents.claude.ClaudeProvider;
import dev.kept.model.ConversationEvent;
import dev.kept.model.EventHeader;
import dev.kept.model.SessionKey;
import dev.kept.provider.SourceKind;
import dev.kept.provider.decode.SourceDecoder;
import dev.kept.recording.secret.MarkerKey;
import dev.kept.recording.secret.SecretCounts;
import dev.kept.recording.secret.SecretRedactor;
import dev.kept.recording.writer.MarkdownOptions;
import dev.kept.recording.writer.RecordingFormat;
import dev.kept.recording.writer.RecordingStyle;
import dev.kept.recording.writer.RecordingWriter;
import dev.kept.recording.writer.SubagentDetail;
import dev.kept.session.HeapLayout;
import dev.kept.session.InMemorySessionSnapshotStore;
import dev.kept.session.SessionUpdate;
import dev.kept.session.SnapshotLimits;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/**
 * What one appended line costs from its bytes to the text for its note: parsed, held, rendered, encoded; with secrets
 * looked for and without. Files are left out: with them the share of the secrets would only look smaller. A round is
 * one session of 293 lines, so that each line is a new one.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(
        value = 1,
        jvmArgs = {"-Xmx512m", "-XX:+UseSerialGC", "-XX:+UseCompactObjectHeaders", "-XX:TieredStopAtLevel=1"})
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class AppendBenchmark {
    private static final int LINES = 293;
    private static final ClaudeProvider CLAUDE = new ClaudeProvider();

    private final List<byte[]> lines = new ArrayList<>();
    private final List<ConversationEvent> events = new ArrayList<>();
    private SecretRedactor redactor = SecretRedactor.VERBATIM;

    /** Makes the session, and a key in a temporary folder. */
    @Setup
    public void make() throws IOException {
        SessionLines session = SessionLines.of(WorkloadShape.of(1, LINES, 2048))[0];
        for (int i = 0; i < LINES; i++) {
            lines.add(session.next());
        }
        forEach(events::add);
        Path folder = Files.createTempDirectory("kept-key");
        redactor = SecretRedactor.of(MarkerKey.open(folder.resolve("marker.key")), new SecretCounts());
    }

    private interface Taker {
        void take(ConversationEvent event);
    }

    private void forEach(Taker taker) {
        SourceDecoder reading =
                new SourceDecoder(CLAUDE, new SourceKind.Session(Optional.of("s"), EventHeader.MAIN_LINE));
        for (byte[] line : lines) {
            reading.accept(line, 0, line.length, read -> read.events().forEach(taker::take));
        }
    }

    private static RecordingWriter writer(RecordingFormat format, SecretRedactor secrets) {
        return RecordingWriter.start(
                format,
                "note.md",
                "Claude",
                new RecordingStyle(MarkdownOptions.defaults(ZoneOffset.UTC), SubagentDetail.FOLD, secrets));
    }

    private void append(RecordingFormat format, SecretRedactor secrets, Blackhole out) {
        InMemorySessionSnapshotStore store = new InMemorySessionSnapshotStore(
                new SnapshotLimits(1L << 40, 10, 2 * LINES), HeapLayout.COMPACT_HEADERS, (_, _, _, _) -> {});
        SessionKey key = new SessionKey("claude", "s");
        RecordingWriter writer = writer(format, secrets);
        forEach(event -> {
            store.upsert(new SessionUpdate(key, List.of(event), List.of()));
            out.consume(writer.append(event).text().getBytes(StandardCharsets.UTF_8));
        });
    }

    /** A session to Markdown, secrets replaced. */
    @Benchmark
    public void markdownRedacted(Blackhole out) {
        append(RecordingFormat.MARKDOWN, redactor, out);
    }

    /** A session to Markdown, verbatim. */
    @Benchmark
    public void markdownVerbatim(Blackhole out) {
        append(RecordingFormat.MARKDOWN, SecretRedactor.VERBATIM, out);
    }

    /** A session to JSONL, secrets replaced. */
    @Benchmark
    public void jsonlRedacted(Blackhole out) {
        append(RecordingFormat.JSONL, redactor, out);
    }

    /** A session to JSONL, verbatim. */
    @Benchmark
    public void jsonlVerbatim(Blackhole out) {
        append(RecordingFormat.JSONL, SecretRedactor.VERBATIM, out);
    }

    /** The search for secrets alone, in all events of the session. */
    @Benchmark
    public void redactOnly(Blackhole out) {
        for (ConversationEvent event : events) {
            out.consume(redactor.redact(event));
        }
    }
}
