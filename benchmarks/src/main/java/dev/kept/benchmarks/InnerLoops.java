package dev.kept.benchmarks;

import dev.kept.model.ConversationEvent;
import dev.kept.provider.decode.JsonLineSplitter;
import dev.kept.recording.secret.SecretRedactor;
import dev.kept.recording.writer.MarkdownOptions;
import dev.kept.recording.writer.RecordingFormat;
import dev.kept.recording.writer.RecordingStyle;
import dev.kept.recording.writer.RecordingWriter;
import dev.kept.recording.writer.SubagentDetail;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * What a byte of a session costs in each of the loops that every byte goes through: cut into lines and made JSON
 * values, read into events by each agent's parser, rendered as a note. A round is one {@link StorySource}; nothing of
 * it is on a disk. With the daemon's own flags of the runtime.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(
        value = 1,
        jvmArgsAppend = {
            "-Xmx128m",
            "-XX:MaxNewSize=7m",
            "-XX:+UseSerialGC",
            "-XX:+UseCompactObjectHeaders",
            "-XX:TieredStopAtLevel=1"
        })
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class InnerLoops {
    /** Whose session. */
    @Param({"claude", "codex", "gemini", "copilot"})
    public String agent = "";

    private byte[] text = {};
    private List<ConversationEvent> events = List.of();
    private StorySource story = new StorySource(dev.kept.agents.Providers.ALL.getFirst(), text);

    /** Reads the story. */
    @Setup
    public void make() throws IOException {
        story = StorySource.of(agent);
        text = story.text();
        events = story.read();
    }

    /** Cut into lines, and each made a tree of JSON values. */
    @Benchmark
    public void split(Blackhole out) {
        new JsonLineSplitter(1, 0).accept(text, 0, text.length, out::consume);
    }

    /** All the way to events: split, read by the agent's parser, known by their ids. */
    @Benchmark
    public List<ConversationEvent> parse() {
        return story.read();
    }

    /** The events as Markdown, in UTF-8. */
    @Benchmark
    public void markdown(Blackhole out) {
        render(RecordingFormat.MARKDOWN, out);
    }

    /** The events as JSONL, in UTF-8. */
    @Benchmark
    public void jsonl(Blackhole out) {
        render(RecordingFormat.JSONL, out);
    }

    private void render(RecordingFormat format, Blackhole out) {
        RecordingWriter writer = RecordingWriter.start(
                format,
                "note.md",
                story.provider().displayName(),
                new RecordingStyle(
                        MarkdownOptions.defaults(ZoneOffset.UTC), SubagentDetail.FOLD, SecretRedactor.VERBATIM));
        for (ConversationEvent event : events) {
            if (event.header().onMainLine()) {
                out.consume(writer.append(event).text().getBytes(StandardCharsets.UTF_8));
            }
        }
    }

    /**
     * Runs all of them and prints one table; bytes are those of the source.
     *
     * @param arguments options of JMH, such as {@code -p agent=claude -wi 1 -i 2}
     */
    public static void main(String[] arguments) throws RunnerException, CommandLineOptionException, IOException {
        Collection<RunResult> results = new Runner(new OptionsBuilder()
                        .parent(new CommandLineOptions(arguments))
                        .include(InnerLoops.class.getName().replace(".", "\\.") + "\\.")
                        .addProfiler(GCProfiler.class)
                        .build())
                .run();
        System.out.println();
        System.out.println("| loop | session of | records | bytes a record | MB/s | ± | bytes allocated for a byte |");
        System.out.println("|---|---|---|---|---|---|---|");
        List<String> order = Arrays.asList("split", "parse", "markdown", "jsonl");
        for (RunResult each : results.stream()
                .sorted(Comparator.comparingInt(result -> order.indexOf(loop(result))))
                .toList()) {
            String agent = each.getParams().getParam("agent");
            byte[] source = StorySource.of(agent).text();
            long records = new String(source, StandardCharsets.UTF_8).lines().count();
            double micros = each.getPrimaryResult().getScore();
            double error = each.getPrimaryResult().getScoreError();
            double allocated = Objects.requireNonNull(
                            each.getSecondaryResults().get("gc.alloc.rate.norm"), "the allocation profiler's figure")
                    .getScore();
            System.out.printf(
                    Locale.ROOT,
                    "| %s | %s | %d | %d | %.0f | %.0f %% | %.1f |%n",
                    loop(each),
                    agent,
                    records,
                    source.length / records,
                    source.length / micros,
                    100 * error / micros,
                    allocated / source.length);
        }
    }

    private static String loop(RunResult result) {
        String name = result.getParams().getBenchmark();
        return name.substring(name.lastIndexOf('.') + 1);
    }
}
