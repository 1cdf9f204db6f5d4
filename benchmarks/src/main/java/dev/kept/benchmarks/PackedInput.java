package dev.kept.benchmarks;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/**
 * A packed session file that asks for more than is given to it, beside a session that goes on: the file is refused and
 * kept as it is, the session is kept.
 *
 * @param windowLog the base-2 logarithm of the window that the file asks for
 * @param blocks of 128 KiB of blanks that it unpacks to, four bytes each
 * @param code the problem that status must show
 */
record PackedInput(String name, int windowLog, long blocks, String code) implements Scenario {
    private static final int BLOCK_BYTES = 128 * 1024;
    private static final String THREAD = "5e55107e-0000-4000-8000-000000000002";
    private static final String SESSION = "5e55107e-0000-4000-8000-000000000003";
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    static List<Scenario> all() {
        return List.of(
                new PackedInput("a packed file with a window of 128 MiB", 27, 1_600, "packed.window"),
                new PackedInput(
                        "a packed file that expands to 100 GB",
                        17,
                        100_000_000_000L / BLOCK_BYTES,
                        "packed.expansion"));
    }

    @Override
    public long prepare(Path home) throws IOException {
        Path rollouts = Files.createDirectories(home.resolve(".codex/sessions/2026/02/24"));
        Path packed = rollouts.resolve("rollout-2026-02-24T12-00-00-" + THREAD + ".jsonl.zst");
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(packed))) {
            out.write(new byte[] {0x28, (byte) 0xB5, 0x2F, (byte) 0xFD, 0, (byte) ((windowLog - 10) << 3)});
            for (long i = 0; i < blocks; i++) {
                number(out, (BLOCK_BYTES << 3) | 2);
                out.write(' ');
            }
            number(out, 1);
        }
        Files.createDirectories(home.resolve(".claude/projects/-home-dev-project"));
        say(home, 0, "before");
        return 2;
    }

    private static void number(OutputStream out, int number) throws IOException {
        out.write(number);
        out.write(number >> 8);
        out.write(number >> 16);
    }

    private static void say(Path home, int number, String word) throws IOException {
        String line =
                "{\"parentUuid\":null,\"isSidechain\":false,\"userType\":\"external\",\"cwd\":\"/home/dev/project\","
                        + "\"sessionId\":\"" + SESSION
                        + "\",\"version\":\"2.0.76\",\"gitBranch\":\"main\",\"type\":\"user\","
                        + "\"uuid\":\"00000000-0000-4000-8000-%012d".formatted(number) + "\",\"timestamp\":\""
                        + Json.time(Instant.parse("2026-02-24T12:00:00Z"))
                        + "\",\"message\":{\"role\":\"user\",\"content\":\""
                        + word + "\"}}\n";
        Files.writeString(
                home.resolve(".claude/projects/-home-dev-project/" + SESSION + ".jsonl"),
                line,
                StandardCharsets.UTF_8,
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
    }

    @Override
    public String then(DaemonUnderTest daemon, Path home) throws IOException, InterruptedException {
        String wrong = await(
                () -> daemon.status().problems().stream()
                        .anyMatch(problem -> problem.code().equals(code)),
                "status does not say " + code);
        say(home, 1, "afterwards");
        if (wrong.isEmpty()) {
            wrong = await(() -> isOnTape(daemon, "afterwards"), "the other session is not kept any more");
        }
        return wrong;
    }

    private interface Condition {
        boolean holds() throws IOException;
    }

    private static String await(Condition condition, String otherwise) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.holds()) {
            if (System.nanoTime() > deadline) {
                return otherwise;
            }
            Thread.sleep(100);
        }
        return "";
    }

    private static boolean isOnTape(DaemonUnderTest daemon, String word) throws IOException {
        try (Stream<Path> files = Files.walk(daemon.home().tapes().resolve("claude"))) {
            for (Path file :
                    files.filter(each -> each.toString().endsWith(".jsonl")).toList()) {
                if (Files.readString(file).contains(word)) {
                    return true;
                }
            }
        }
        return false;
    }
}
