package dev.kept.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kept.agents.Providers;
import dev.kept.archive.SessionArchive;
import dev.kept.archive.StoredSession;
import dev.kept.config.KeptConfig;
import dev.kept.config.KeptHome;
import dev.kept.control.ControlClient;
import dev.kept.control.ControlRequest;
import dev.kept.control.JvmLimits;
import dev.kept.control.OrderAnswer;
import dev.kept.json.MalformedJsonException;
import dev.kept.model.SessionKey;
import dev.kept.recording.command.CommandLineOrder;
import dev.kept.recording.render.ConversationExport;
import dev.kept.recording.secret.MarkerKey;
import dev.kept.recording.secret.SecretCounts;
import dev.kept.recording.secret.SecretRedactor;
import dev.kept.recording.writer.RecordingFormat;
import dev.kept.recording.writer.RecordingStyles;
import dev.kept.status.StatusJson;
import dev.kept.status.StatusReport;
import dev.kept.status.StatusReport.SessionStatus;
import dev.kept.tape.TapeLibrary;
import dev.kept.tape.TapeReader;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.awaitility.Awaitility;

/**
 * The real daemon as a child process, in a home of its own: {@code h/} is the person's home, {@code h/work} the project
 * folder that recordings may be written to.
 */
final class DaemonHarness implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final int CEILING_MB = 128;
    private static final Pattern TURN = Pattern.compile("\\bturn-[a-z0-9]+-\\d+\\b");

    private final KeptHome home;
    private final Path errors;
    private final List<Process> started = new ArrayList<>();
    private final List<String> prefix;
    private final UnaryOperator<Path> seen;
    private Optional<Process> daemon = Optional.empty();
    private final List<String> flags = new ArrayList<>();
    private String classPath = System.getProperty("java.class.path");

    /** @param temporary a folder with a short path */
    DaemonHarness(Path temporary) throws IOException {
        this(temporary, List.of(), UnaryOperator.identity());
    }

    /**
     * A daemon whose world is another one.
     *
     * @param prefix a program that becomes the daemon's process, with its arguments
     * @param seen where the test finds a file of the daemon's world
     */
    DaemonHarness(Path temporary, List<String> prefix, UnaryOperator<Path> seen) throws IOException {
        this.prefix = List.copyOf(prefix);
        this.seen = seen;
        Path user = temporary.toRealPath().resolve("h");
        home = new KeptHome(user.resolve(".kept"), user);
        errors = temporary.resolve("daemon.err");
        Files.createDirectories(projects());
        Files.createDirectories(work());
        Files.createDirectories(home.directory());
        configure("allowedWriteRoots: ['" + work() + "']");
    }

    KeptHome home() {
        return home;
    }

    /** Where Claude keeps its sessions. */
    Path projects() {
        return home.userHome().resolve(".claude/projects");
    }

    /** The folder that may be written to; what sessions name as their working directory. */
    Path work() {
        return home.userHome().resolve("work");
    }

    void configure(String yaml) throws IOException {
        Files.writeString(seen.apply(home.configFile()), yaml + "\nrecordings:\n  timeZone: UTC\n");
    }

    /** A session that Claude runs in {@link #work}. */
    ClaudeSession session(String word) throws IOException {
        return ClaudeSession.of(projects(), work(), word);
    }

    /** The daemon comes from jars, as the built program does: a class needs no descriptor of its own to be loaded. */
    DaemonHarness fromJars() throws IOException {
        List<String> parts = new ArrayList<>();
        for (String part : classPath.split(File.pathSeparator, -1)) {
            Path folder = Path.of(part);
            if (Files.isDirectory(folder)) {
                Path jar = errors.resolveSibling("part-" + parts.size() + ".jar");
                int code = ToolProvider.findFirst("jar")
                        .orElseThrow()
                        .run(System.out, System.err, "--create", "--file", jar.toString(), "-C", part, ".");
                assertThat(code).isZero();
                parts.add(jar.toString());
            } else {
                parts.add(part);
            }
        }
        classPath = String.join(File.pathSeparator, parts);
        return this;
    }

    /** The daemon's runtime gets one flag more. */
    DaemonHarness withFlag(String flag) {
        flags.add(flag);
        return this;
    }

    Process launch() throws IOException {
        List<String> command = new ArrayList<>(prefix);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(JvmLimits.flags(CEILING_MB, home));
        command.addAll(flags);
        command.add("-cp");
        command.add(classPath);
        command.add(DaemonMain.class.getName());
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.appendTo(errors.toFile()))
                .redirectOutput(ProcessBuilder.Redirect.appendTo(errors.toFile()));
        builder.environment().clear();
        builder.environment().put("HOME", home.userHome().toString());
        builder.environment().put(KeptHome.VARIABLE, home.directory().toString());
        builder.environment().putAll(JvmLimits.environment());
        Process process = builder.start();
        started.add(process);
        return process;
    }

    /** Starts the daemon and waits until it answers. */
    DaemonHarness start() throws IOException {
        home.createDirectories();
        Process process = launch();
        daemon = Optional.of(process);
        eventually(() -> {
            assertThat(process.isAlive()).as("the daemon lives").isTrue();
            assertThat(client().ask(new ControlRequest.Ping()))
                    .hasValueSatisfying(answer -> assertThat(answer).contains(Long.toString(process.pid())));
        });
        return this;
    }

    private ControlClient client() {
        KeptHome asSeen = new KeptHome(seen.apply(home.directory()), home.userHome());
        return new ControlClient(asSeen, Duration.ofSeconds(10));
    }

    /** Has an order carried out as the command line does. */
    CommandLineOrder.Reply order(ClaudeSession session, ControlRequest.Order.What what, Optional<Path> path)
            throws IOException {
        SessionKey key = new SessionKey("claude", session.id());
        ControlRequest.Order order = new ControlRequest.Order(key, what, path.map(Path::toString));
        return OrderAnswer.read(client().ask(order).orElseThrow());
    }

    Process process() {
        return daemon.orElseThrow();
    }

    /** Runs the daemon to an end that is expected before it answers anything; what it printed. */
    String refusal() throws IOException, InterruptedException {
        long before = Files.exists(errors) ? Files.size(errors) : 0;
        Process process = launch();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).as("the daemon ends").isTrue();
        assertThat(process.exitValue()).isNotZero();
        return Files.readString(errors).substring(Math.toIntExact(before));
    }

    /** Asks the daemon to end; returns its exit code. */
    int stop() throws IOException, InterruptedException {
        client().ask(new ControlRequest.Stop());
        return waitForEnd();
    }

    int waitForEnd() throws InterruptedException {
        assertThat(process().waitFor(30, TimeUnit.SECONDS))
                .as("the daemon ends\n%s", diagnosis())
                .isTrue();
        return process().exitValue();
    }

    void kill9() throws InterruptedException {
        process().destroyForcibly().waitFor();
    }

    void restart() throws IOException, InterruptedException {
        stop();
        start();
    }

    StatusReport status() throws IOException {
        String json = client().ask(new ControlRequest.Status()).orElseThrow();
        try {
            return StatusJson.read(json);
        } catch (MalformedJsonException e) {
            throw new IOException(json, e);
        }
    }

    Optional<SessionStatus> status(ClaudeSession session) throws IOException {
        return status().sessions().stream()
                .filter(status -> status.sessionId().equals(session.id()))
                .findFirst();
    }

    /** The words of all problems that the status shows. */
    List<String> problems() throws IOException {
        return status().problems().stream()
                .map(problem -> problem.code() + ": " + problem.message() + " → " + problem.remedy())
                .toList();
    }

    /** Tries until it holds; generous, because nothing here is about speed. */
    void eventually(ThrowingCallable assertion) {
        try {
            Awaitility.await()
                    .atMost(PATIENCE)
                    .pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(15))
                    .ignoreExceptions()
                    .untilAsserted(assertion::call);
        } catch (org.awaitility.core.ConditionTimeoutException e) {
            throw new AssertionError(e.getMessage() + "\n" + diagnosis(), e);
        }
    }

    /** Waits until everything that the session's file holds was read and all commands in it were decided. */
    void settle(ClaudeSession session) throws IOException {
        Path sign = work().resolve("settled-" + session.id() + "-" + session.nextNumber() + ".md");
        session.person("::export " + sign);
        eventually(() -> assertThat(sign).exists());
    }

    /** Waits until the note holds exactly these turns. */
    void awaitTurns(Path note, List<String> expected) {
        eventually(() -> assertThat(turns(note)).isEqualTo(expected));
    }

    /** The turns that stand in a note, in order; a turn is a word such as {@code turn-a-7}. Titles do not count. */
    static List<String> turns(Path note) throws IOException {
        List<String> turns = new ArrayList<>();
        if (!Files.exists(note)) {
            return turns;
        }
        for (String line : Files.readString(note).lines().toList()) {
            if (line.startsWith("title: ") || line.startsWith("# ") || line.startsWith("<summary>")) {
                continue;
            }
            Matcher matcher = TURN.matcher(line);
            while (matcher.find()) {
                turns.add(matcher.group());
            }
        }
        return turns;
    }

    /** The turns of a session as {@code kept export} writes it, without the daemon. */
    List<String> exported(String sessionId) throws IOException {
        StoredSession session = new SessionArchive(home, Providers.ALL)
                .sessions(SessionArchive.Progress.NONE).stream()
                        .filter(each -> each.key().sessionId().equals(sessionId))
                        .findFirst()
                        .orElseThrow();
        Path file = home.userHome().resolve(sessionId + ".exported.md");
        StringBuilder text = new StringBuilder();
        new ConversationExport(new RecordingStyles(
                        KeptConfig.defaults(), SecretRedactor.of(MarkerKey.open(home.markerKey()), new SecretCounts())))
                .write(session.toExport(), RecordingFormat.MARKDOWN, Optional.of(file), new ConversationExport.Sink() {
                    @Override
                    public void write(String part) {
                        text.append(part);
                    }

                    @Override
                    public void at(long bytes) {}
                });
        Files.writeString(file, text);
        return turns(file);
    }

    /** The newest generation of a source's tape. */
    byte[] onTape(Path source) throws IOException {
        return onTape(source, 0);
    }

    /** A generation of a source's tape; 0 means the newest. */
    byte[] onTape(Path source, int generation) throws IOException {
        try (TapeReader tape = tape(source)) {
            int number = generation == 0 ? tape.manifest().newest().number() : generation;
            ByteBuffer all = ByteBuffer.allocate(Math.toIntExact(tape.length(number)));
            while (all.hasRemaining() && tape.read(number, all.position(), all) > 0) {
                // Until all is read.
            }
            return all.array();
        }
    }

    /** The file of the first generation of a source's tape. */
    Path tapeFile(Path source) {
        return new TapeLibrary(seen.apply(home.tapes()))
                .folder("claude", TapeLibrary.sourceId(source))
                .resolve("0001.jsonl");
    }

    Path checkpoint() {
        return home.state().resolve("checkpoint");
    }

    TapeReader tape(Path source) throws IOException {
        return TapeReader.open(
                new TapeLibrary(seen.apply(home.tapes())).folder("claude", TapeLibrary.sourceId(source)));
    }

    /** What helps to understand a failure. */
    String diagnosis() {
        StringBuilder text = new StringBuilder();
        for (Path file : List.of(errors, seen.apply(home.operationalLog()), seen.apply(home.auditLog()))) {
            try {
                if (Files.exists(file)) {
                    text.append("--- ").append(file).append('\n').append(Files.readString(file));
                }
            } catch (IOException e) {
                text.append(e).append('\n');
            }
        }
        try (java.util.stream.Stream<Path> files = Files.walk(seen.apply(home.journals()))) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".jsonl")).toList()) {
                text.append("--- ").append(file).append('\n').append(Files.readString(file));
            }
        } catch (IOException e) {
            text.append(e).append('\n');
        }
        return text.toString();
    }

    @Override
    public void close() {
        started.forEach(Process::destroyForcibly);
        for (Process process : started) {
            try {
                process.waitFor();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
