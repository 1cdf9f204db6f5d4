package dev.kept.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kept.json.JsonValue.JsonString;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.awaitility.Awaitility;

/** The built program, run as people run it, in a home of its own; and an agent that writes sessions there. */
public class KeptProcess implements AutoCloseable {
    private static final String LAUNCHER = Objects.requireNonNull(System.getProperty("kept.launcher"));

    private final Path home;
    private int records;
    private Instant said = Instant.EPOCH;

    public KeptProcess(Path home) throws IOException {
        this.home = home.toRealPath();
    }

    /** How a command ended, and what it said. */
    public record Result(int code, String out, String err) {}

    public Path home() {
        return home;
    }

    public ProcessBuilder builder(String... arguments) {
        ProcessBuilder builder = new ProcessBuilder(Stream.concat(Stream.of(LAUNCHER), Arrays.stream(arguments))
                        .toList())
                .directory(home.toFile())
                .redirectInput(new File("/dev/null"));
        builder.environment().put("HOME", home.toString());
        builder.environment().keySet().removeIf(name -> name.equals("KEPT_HOME") || name.equals("CLAUDE_CONFIG_DIR"));
        builder.environment().put("KEPT_JAVA_HOME", System.getProperty("java.home"));
        // The sources may be newer than the jar under test, which is what Maven just built.
        builder.environment().put("KEPT_REBUILD", "no");
        return builder;
    }

    public Result run(String... arguments) throws IOException, InterruptedException {
        Path out = Files.createTempFile("kept", ".out");
        Path err = Files.createTempFile("kept", ".err");
        Process process = builder(arguments)
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        assertThat(process.waitFor(90, TimeUnit.SECONDS)).as("kept ended").isTrue();
        Result result = new Result(process.exitValue(), Files.readString(out), Files.readString(err));
        Files.delete(out);
        Files.delete(err);
        return result;
    }

    /** Runs a command that must do what it is asked, and say nothing on the error output. */
    public String done(String... arguments) throws IOException, InterruptedException {
        Result result = run(arguments);
        assertThat(result.code()).as(Arrays.toString(arguments) + result).isZero();
        assertThat(result.err()).as(Arrays.toString(arguments)).isEmpty();
        return result.out();
    }

    /** Where the agent keeps a session of that id. */
    public Path source(String sessionId) {
        return home.resolve(".claude/projects/-work/" + sessionId + ".jsonl");
    }

    /** A person says something in a session. */
    public void person(String sessionId, Path directory, String text) throws IOException {
        record(
                sessionId,
                directory,
                "user",
                "\"message\":{\"role\":\"user\",\"content\":" + quoted(text)
                        + "},\"origin\":{\"kind\":\"human\"},\"promptSource\":\"typed\"");
    }

    /** The agent says something in a session. */
    void agent(String sessionId, Path directory, String text) throws IOException {
        record(
                sessionId,
                directory,
                "assistant",
                "\"message\":{\"id\":\"msg_" + records
                        + "\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"m\",\"content\":[{\"type\":\"text\",\"text\":"
                        + quoted(text) + "}],\"usage\":{\"input_tokens\":1,\"output_tokens\":2}}");
    }

    private static String quoted(String text) {
        return new JsonString(text).toJson();
    }

    private void record(String sessionId, Path directory, String type, String members) throws IOException {
        records++;
        // Two records of one millisecond would have no order.
        Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        said = now.isAfter(said) ? now : said.plusMillis(1);
        String line = "{\"parentUuid\":null,\"isSidechain\":false,\"userType\":\"external\",\"cwd\":"
                + quoted(directory.toString()) + ",\"sessionId\":\"" + sessionId
                + "\",\"version\":\"2.1.330\",\"entrypoint\":\"cli\",\"type\":\"" + type + "\",\"uuid\":\""
                + "00000000-0000-4000-8000-%012d".formatted(records) + "\",\"timestamp\":\""
                + said + "\"," + members + "}\n";
        Path file = source(sessionId);
        Files.createDirectories(Objects.requireNonNull(file.getParent()));
        Files.write(file, line.getBytes(StandardCharsets.UTF_8), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    /** Tries until it holds; generous, because nothing here is about speed. */
    public static void eventually(ThrowingCallable assertion) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(40))
                .pollInterval(Duration.ofMillis(50))
                .ignoreExceptions()
                .untilAsserted(assertion::call);
    }

    @Override
    public void close() throws IOException {
        Path lock = home.resolve(".kept/run/lock");
        if (Files.exists(lock)) {
            try {
                run("stop");
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            String pid = Files.readString(lock).strip();
            Optional<ProcessHandle> left = ProcessHandle.of(Long.parseLong(pid))
                    .filter(process -> process.info().command().orElse("").endsWith("java"))
                    .filter(process -> process.pid() != ProcessHandle.current().pid());
            left.ifPresent(ProcessHandle::destroyForcibly);
        }
    }
}
