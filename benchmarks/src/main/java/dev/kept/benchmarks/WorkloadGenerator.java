package dev.kept.benchmarks;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** Writes the session files of a {@link WorkloadShape} below {@code <home>/.claude}. */
public final class WorkloadGenerator {
    private static final String USAGE =
            "usage: --home DIR [--sessions 53] [--events 293] [--bytes 2048] [--seed 1] [--projects 6]"
                    + " [--base-time 2026-02-24T12:00:00Z] [--non-ascii 0.02]";

    private WorkloadGenerator() {}

    /**
     * What was written.
     *
     * @param sha256 of all files' bytes in their order
     */
    public record Summary(int sessions, long events, long bytes, String sha256, List<Path> files) {
        public Summary {
            files = List.copyOf(files);
        }

        String toJson() {
            return """
                    {
                     "sessions": %d,
                     "events": %d,
                     "bytes": %d,
                     "sha256": "%s"
                    }""".formatted(sessions, events, bytes, sha256);
        }
    }

    /** Writes the files; each was modified, as far as the file system tells, when its last event happened. */
    public static Summary generate(Path home, WorkloadShape shape) throws IOException {
        MessageDigest sha = sha256();
        List<Path> files = new ArrayList<>();
        long bytes = 0;
        for (SessionLines session : SessionLines.of(shape)) {
            Path file = home.resolve(".claude").resolve(session.file());
            Files.createDirectories(file.getParent());
            try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 18)) {
                for (int i = 0; i < shape.events(); i++) {
                    byte[] line = session.next();
                    out.write(line);
                    sha.update(line);
                    bytes += line.length;
                }
            }
            Files.setLastModifiedTime(file, FileTime.from(session.time()));
            files.add(file);
        }
        return new Summary(
                files.size(),
                (long) shape.sessions() * shape.events(),
                bytes,
                HexFormat.of().formatHex(sha.digest()),
                files);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** The command: see {@link #USAGE}. */
    public static void main(String[] arguments) throws IOException {
        Map<String, String> options = new HashMap<>();
        for (int i = 0; i + 1 < arguments.length; i += 2) {
            options.put(arguments[i], arguments[i + 1]);
        }
        String home = options.getOrDefault("--home", "");
        if (home.isEmpty() || arguments.length % 2 != 0) {
            System.err.println(USAGE);
            System.exit(2);
        }
        WorkloadShape shape = new WorkloadShape(
                Integer.parseInt(options.getOrDefault("--sessions", "53")),
                Integer.parseInt(options.getOrDefault("--events", "293")),
                Integer.parseInt(options.getOrDefault("--bytes", "2048")),
                Long.parseLong(options.getOrDefault("--seed", "1")),
                Integer.parseInt(options.getOrDefault("--projects", "6")),
                Instant.parse(options.getOrDefault("--base-time", "2026-02-24T12:00:00Z")),
                Double.parseDouble(options.getOrDefault("--non-ascii", "0.02")));
        System.out.println(generate(Path.of(home), shape).toJson());
    }
}
