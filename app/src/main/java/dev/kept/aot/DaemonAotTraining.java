package dev.kept.aot;

import dev.kept.config.ConfigException;
import dev.kept.config.ConfigFile;
import dev.kept.config.KeptHome;
import dev.kept.control.ControlClient;
import dev.kept.control.ControlRequest;
import dev.kept.control.ExitCode;
import dev.kept.control.InstanceLock;
import dev.kept.control.StartupMessage;
import dev.kept.daemon.DaemonMain;
import dev.kept.daemon.Watchdog;
import dev.kept.sandbox.SandboxStatus;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/**
 * The training run of the daemon: its start and first work in this process, with one recorded conversation. Java stores
 * the loaded classes for later starts.
 */
public final class DaemonAotTraining {
    private static final Duration LONGEST = Duration.ofSeconds(20);
    private static final long LOOK_AGAIN_MS = 20;
    private static final String SESSION = "00000000-0000-4000-8000-000000000001";

    private DaemonAotTraining() {}

    /**
     * Starts a daemon in a home of its own, lets it record a conversation, and ends it.
     *
     * @param home home below an otherwise unused, empty folder, which is its person's home directory
     * @throws IOException if the daemon does not start, or does not record in time
     */
    public static void run(KeptHome home) throws IOException {
        home.createDirectories();
        Path session = Files.createDirectories(home.userHome().resolve(".claude/projects/project"))
                .resolve(SESSION + ".jsonl");
        CompletableFuture<Integer> end = new CompletableFuture<>();
        CompletableFuture<Integer> ended = new CompletableFuture<>();
        new ConfigFile(home).createDefault("all");
        SandboxStatus.NONE.write(home, SESSION);
        SandboxStatus.read(home, SESSION);
        // Must not end anything: this process continues.
        Watchdog watchdog = new Watchdog(_ -> {}, new PrintStream(OutputStream.nullOutputStream()));
        Thread daemon = Thread.ofPlatform().start(() -> {
            try {
                ended.complete(DaemonMain.run(home, Map.of(StartupMessage.WANTED, ""), end, new Thread(), watchdog));
            } catch (ConfigException | IOException | InstanceLock.HeldException | RuntimeException e) {
                ended.completeExceptionally(e);
            }
        });
        try {
            await(() -> ended.isDone()
                    || new ControlClient(home, LONGEST)
                            .ask(new ControlRequest.Status())
                            .isPresent());
            append(home, session, "user", "\"role\":\"user\",\"content\":\"::capture\"", 1);
            append(
                    home,
                    session,
                    "assistant",
                    "\"id\":\"msg_1\",\"role\":\"assistant\",\"model\":\"none\",\"content\":[{\"type\":\"text\",\"text\":\"Yes.\"}],"
                            + "\"usage\":{\"input_tokens\":1,\"output_tokens\":1}",
                    2);
            await(() -> ended.isDone() || holdsAnAnswer(home.recordings()));
        } finally {
            end.complete(ExitCode.DONE);
        }
        try {
            daemon.join();
            ended.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Appends a record in the form of Claude Code. */
    private static void append(KeptHome home, Path session, String type, String message, int number)
            throws IOException {
        Files.writeString(
                session,
                "{\"parentUuid\":null,\"isSidechain\":false,\"userType\":\"external\",\"cwd\":\"" + home.userHome()
                        + "\",\"sessionId\":\"" + SESSION + "\",\"version\":\"2.1.330\",\"type\":\"" + type
                        + "\",\"message\":{" + message
                        + "},\"origin\":{\"kind\":\"human\"},\"promptSource\":\"typed\",\"uuid\":\""
                        + SESSION.replace("4000-8000", "4000-900" + number) + "\",\"timestamp\":\""
                        + Instant.now().truncatedTo(ChronoUnit.MILLIS) + "\"}\n",
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
    }

    private static boolean holdsAnAnswer(Path recordings) throws IOException {
        try (Stream<Path> notes = Files.list(recordings)) {
            for (Path note : notes.filter(Files::isRegularFile).toList()) {
                if (Files.readString(note).contains("Yes.")) {
                    return true;
                }
            }
        }
        return false;
    }

    private static void await(Condition condition) throws IOException {
        long deadline = System.nanoTime() + LONGEST.toNanos();
        while (!condition.holds()) {
            if (System.nanoTime() - deadline > 0) {
                throw new IOException("the daemon did not get so far in " + LONGEST.toSeconds() + " s");
            }
            try {
                Thread.sleep(LOOK_AGAIN_MS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted", e);
            }
        }
    }

    private interface Condition {
        boolean holds() throws IOException;
    }
}
