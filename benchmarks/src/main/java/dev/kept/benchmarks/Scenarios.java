package dev.kept.benchmarks;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** What is done to the daemon, in full and in short. */
final class Scenarios {
    private static final int MB = 1_000_000;
    private static final String SESSION = "5e55107e-0000-4000-8000-000000000001";

    private Scenarios() {}

    static List<Scenario> full() {
        List<Scenario> all = new ArrayList<>(List.of(
                new Generated("seed workload, 53 x 293", WorkloadShape.SEED),
                new Generated("1,000 sessions x 300 events", WorkloadShape.of(1_000, 300, 2048)),
                new Generated("10,000 small sessions", WorkloadShape.of(10_000, 5, 1024)),
                new Generated("one session of 1 GB, 2 KB lines", WorkloadShape.of(1, 524_288, 2048)),
                new LongLine("one line of 100 MB", 100 * MB),
                new Images("20 images of 5 MB", 20, 5 * MB)));
        for (double megabytes : new double[] {0.5, 1, 8}) {
            all.add(hostile(megabytes, false, true));
            all.add(hostile(megabytes, true, true));
            all.add(hostile(megabytes, true, false));
        }
        all.add(new HostileFile("2.5 million empty records", HostileFile.Kind.EMPTY, 1, 2_500_000));
        all.add(new HostileFile("2.5 million of the smallest events", HostileFile.Kind.SMALLEST, 1, 2_500_000));
        all.add(new HostileFile("40 records of 7 MB in one file", HostileFile.Kind.LARGE, 1, 40));
        all.add(new HostileFile("a record of 7 MB in each of 40 files", HostileFile.Kind.LARGE, 40, 1));
        RealSessions.found().ifPresent(all::add);
        all.add(new Sealed("1,000 sessions x 300 events, then all sealed", WorkloadShape.of(1_000, 300, 2048)));
        all.add(new CaptureWhileOthersRecord("::capture of the 1 GB session", 524_288, 10));
        all.addAll(PackedInput.all());
        all.addAll(GrowingInput.full());
        return all;
    }

    static List<Scenario> quick() {
        List<Scenario> all = new ArrayList<>(List.of(
                new Generated("seed workload, 53 x 293", WorkloadShape.SEED),
                new Generated("2,000 small sessions", WorkloadShape.of(2_000, 5, 1024)),
                new Sealed("100 sessions x 100 events, then all sealed", WorkloadShape.of(100, 100, 2048)),
                new LongLine("one line of 20 MB", 20 * MB),
                new Images("4 images of 5 MB", 4, 5 * MB),
                new CaptureWhileOthersRecord("::capture of a session of 40 MB", 20_000, 3),
                new HostileSession("hostile lines, recorded", HostileSession.some(), true, true)));
        all.addAll(GrowingInput.quick());
        return all;
    }

    /** A line of each hostile kind. */
    private static Scenario hostile(double megabytes, boolean recorded, boolean markdown) {
        String how = recorded ? markdown ? "recorded" : "recorded as JSONL" : "not recorded";
        return new HostileSession(
                "hostile lines of " + megabytes + " MB, " + how, HostileSession.each(megabytes), recorded, markdown);
    }

    /** A generated workload. */
    private record Generated(String name, WorkloadShape shape) implements Scenario {
        @Override
        public long prepare(Path home) throws IOException {
            return WorkloadGenerator.generate(home, shape).sessions();
        }
    }

    /** A generated workload whose tapes are all sealed while everything is read for the status. */
    private record Sealed(String name, WorkloadShape shape) implements Scenario {
        @Override
        public List<String> settings(Path home) {
            return List.of("tape: {sealAfter: never}");
        }

        @Override
        public long prepare(Path home) throws IOException {
            return WorkloadGenerator.generate(home, shape).sessions();
        }

        @Override
        public String then(DaemonUnderTest daemon, Path home) throws IOException, InterruptedException {
            long sealed = Disk.seal(daemon).segments();
            return sealed == shape.sessions() ? "" : "only " + sealed + " tapes were sealed";
        }
    }

    private static OutputStream session(Path home) throws IOException {
        Path folder = Files.createDirectories(home.resolve(".claude/projects/-home-dev-project"));
        return new BufferedOutputStream(Files.newOutputStream(folder.resolve(SESSION + ".jsonl")), 1 << 18);
    }

    private static void write(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String begin(String uuid) {
        return "{\"parentUuid\":null,\"isSidechain\":false,\"userType\":\"external\",\"cwd\":\"/home/dev/project\","
                + "\"sessionId\":\"" + SESSION + "\",\"version\":\"2.0.76\",\"gitBranch\":\"main\",\"type\":\"user\","
                + "\"uuid\":\"" + uuid + "\",\"timestamp\":\"" + Json.time(Instant.parse("2026-02-24T12:00:00Z"))
                + "\",\"message\":{\"role\":\"user\",\"content\":";
    }

    private static byte[] noise(String alphabet, int length) {
        SplittableRandom random = new SplittableRandom(length);
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) alphabet.charAt(random.nextInt(alphabet.length()));
        }
        return bytes;
    }

    /** A session with one line of plain text that long. */
    private record LongLine(String name, int bytes) implements Scenario {
        @Override
        public long prepare(Path home) throws IOException {
            try (OutputStream out = session(home)) {
                write(out, begin("00000000-0000-4000-8000-000000000000") + "\"Look at this dump. ");
                byte[] part = noise("abcdefgh ijklmnop qrstuvw xyz,. ", MB);
                for (int left = bytes; left > 0; left -= part.length) {
                    out.write(part, 0, Math.min(left, part.length));
                }
                write(out, "\"}}\n" + begin("00000000-0000-4000-8000-000000000001") + "\"And now?\"}}\n");
            }
            return 1;
        }
    }

    /** A session with pasted images, each a record. */
    private record Images(String name, int count, int bytes) implements Scenario {
        @Override
        public long prepare(Path home) throws IOException {
            byte[] image = noise("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", bytes);
            try (OutputStream out = session(home)) {
                for (int i = 0; i < count; i++) {
                    write(out, begin("00000000-0000-4000-8000-%012d".formatted(i)));
                    write(
                            out,
                            "[{\"type\":\"text\",\"text\":\"Picture " + i + "\"},{\"type\":\"image\",\"source\":{"
                                    + "\"type\":\"base64\",\"media_type\":\"image/png\",\"data\":\"");
                    out.write(image);
                    write(out, "\"}}]}}\n");
                }
            }
            return 1;
        }
    }
}
