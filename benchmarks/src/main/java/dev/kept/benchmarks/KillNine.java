package dev.kept.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * Kills a real daemon without warning, many times at random moments, while three sessions grow, are recorded and give
 * commands; then compares each note and each export with what was said.
 */
public final class KillNine {
    private static final int CEILING_MB = 128;
    private static final int SESSIONS = 3;
    private static final int MOST_PAUSE_MS = 250;
    private static final Pattern TURN = Pattern.compile("\\bturn-[a-z]-\\d+\\b");
    private static final long PATIENCE_SECONDS = 120;

    /**
     * Then a person begins another session: each capture writes all of a session, and that is to stay in proportion.
     */
    private static final int LONGEST_SESSION = 600;

    private KillNine() {}

    /** What is wrong with notes. */
    private record Judgement(int expected, int lost, int duplicated, int outOfOrder) {
        boolean isGood() {
            return lost + duplicated + outOfOrder == 0;
        }
    }

    /** A session that grows and gives commands, and what its notes should hold. Its thread owns it until it ends. */
    private static final class Talk implements Runnable {
        private final String word;
        private final Path projects;
        private final Path work;
        private final Random random;
        private final AtomicBoolean ended;
        private final Map<Path, List<String>> notes = new LinkedHashMap<>();
        private final List<String> said = new ArrayList<>();
        private volatile Path note;
        private String id = "";
        private Path file;
        private boolean recording;
        private int turns;
        private int records;
        private int files;
        private String failure = "";

        Talk(String word, Path projects, Path work, Random random, AtomicBoolean ended) throws IOException {
            this.word = word;
            this.projects = projects;
            this.work = work;
            this.random = random;
            this.ended = ended;
            this.file = projects;
            this.note = work.resolve(word + "-0.md");
            begin();
        }

        private void begin() throws IOException {
            id = UUID.randomUUID().toString();
            file = Files.createDirectories(projects.resolve("-work")).resolve(id + ".jsonl");
            said.clear();
            records = 0;
            capture();
        }

        @Override
        public void run() {
            try {
                while (!ended.get()) {
                    if (said.size() >= LONGEST_SESSION) {
                        begin();
                    }
                    int what = random.nextInt(100);
                    if (what < 1) {
                        capture();
                    } else if (what < 2) {
                        export();
                    } else if (what < 6) {
                        stopOrRecord();
                    } else if (what < 9) {
                        says("assistant", "Long: " + "ü and more words\n".repeat(random.nextInt(3_000)) + turn());
                    } else {
                        says(random.nextBoolean() ? "assistant" : "user", "About " + turn());
                    }
                    TimeUnit.MILLISECONDS.sleep(random.nextInt(MOST_PAUSE_MS));
                }
            } catch (IOException | InterruptedException e) {
                failure = e.toString();
            }
        }

        private String turn() {
            String turn = "turn-" + word + "-" + turns++;
            said.add(turn);
            if (recording) {
                notes.computeIfAbsent(note, _ -> new ArrayList<>()).add(turn);
            }
            return turn;
        }

        private void capture() throws IOException {
            Path next = work.resolve(word + "-" + files++ + ".md");
            says("user", "::capture " + next);
            notes.put(next, new ArrayList<>(said));
            note = next;
            recording = true;
        }

        private void export() throws IOException {
            Path next = work.resolve(word + "-export-" + files++ + ".md");
            says("user", "::export " + next);
            notes.put(next, new ArrayList<>(said));
        }

        private void stopOrRecord() throws IOException {
            says("user", recording ? "::stop" : "::record");
            recording = !recording;
        }

        private void says(String role, String text) throws IOException {
            String content = role.equals("user") ? quoted(text) : "[{\"type\":\"text\",\"text\":" + quoted(text) + "}]";
            String record = "{\"type\":\"" + role + "\",\"isSidechain\":false,\"cwd\":" + quoted(work.toString())
                    + ",\"sessionId\":\"" + id + "\",\"version\":\"2.1.219\",\"entrypoint\":\"cli\""
                    + (role.equals("user") ? ",\"origin\":{\"kind\":\"human\"},\"promptSource\":\"typed\"" : "")
                    + ",\"message\":{\"role\":\"" + role + "\",\"id\":\"m" + records + "\",\"model\":\"m\",\"content\":"
                    + content + "},\"uuid\":\"" + id + "-" + records++ + "\",\"timestamp\":\"" + Instant.now()
                    + "\"}\n";
            Files.write(
                    file,
                    record.getBytes(StandardCharsets.UTF_8),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        }

        private static String quoted(String text) {
            return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"';
        }

        Path note() {
            return note;
        }

        /** Compares each note with what it should hold. */
        Judgement judge() throws IOException {
            int expected = 0;
            int lost = 0;
            int duplicated = 0;
            int outOfOrder = 0;
            for (Map.Entry<Path, List<String>> entry : notes.entrySet()) {
                List<String> written = turns(entry.getKey());
                Set<String> once = new HashSet<>(written);
                List<String> wanted = entry.getValue();
                expected += wanted.size();
                lost += (int)
                        wanted.stream().filter(turn -> !once.contains(turn)).count();
                duplicated += written.size() - once.size();
                List<String> known = wanted.stream().filter(once::contains).toList();
                outOfOrder += known.equals(written.stream().distinct().toList()) ? 0 : 1;
            }
            return new Judgement(expected, lost, duplicated, outOfOrder);
        }

        private static List<String> turns(Path note) throws IOException {
            if (!Files.exists(note)) {
                return List.of();
            }
            StringBuilder text = new StringBuilder();
            for (String line : Files.readString(note).lines().toList()) {
                if (!line.startsWith("title: ") && !line.startsWith("# ")) {
                    text.append(line).append('\n');
                }
            }
            return TURN.matcher(text).results().map(MatchResult::group).toList();
        }
    }

    /**
     * Arguments: how many kills; a seed; the most seconds to go on killing. Exit code 0 if every line stands where it
     * should, once.
     */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        int kills = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 1000;
        long seed = arguments.length > 1 ? Long.parseLong(arguments[1]) : System.nanoTime();
        long seconds = arguments.length > 2 ? Long.parseLong(arguments[2]) : Long.MAX_VALUE;
        Random random = new Random(seed);
        Path home = Files.createTempDirectory("kept-kill").toRealPath();
        Path projects = Files.createDirectories(home.resolve(".claude/projects"));
        Path work = Files.createDirectories(home.resolve("work"));
        List<String> settings = List.of("allowedWriteRoots: ['" + work + "']", "recordings:", "  timeZone: UTC");
        List<String> quick =
                List.of("-XX:+AutoCreateSharedArchive", "-XX:SharedArchiveFile=" + home.resolve("classes.jsa"));
        // Its end writes the archive of classes that makes the others start quickly.
        DaemonUnderTest.start(home, CEILING_MB, settings, quick).close();
        AtomicBoolean ended = new AtomicBoolean();
        List<Talk> talks = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < SESSIONS; i++) {
            Talk talk =
                    new Talk(String.valueOf((char) ('a' + i)), projects, work, new Random(random.nextLong()), ended);
            talks.add(talk);
            threads.add(Thread.ofPlatform().start(talk));
        }
        DaemonUnderTest daemon = DaemonUnderTest.start(home, CEILING_MB, settings, quick);
        long begin = System.nanoTime();
        int kill = 0;
        for (long passed = 0; kill < kills && passed < seconds; kill++) {
            if (random.nextInt(3) == 0) {
                // It may be starting, reading, or writing.
                TimeUnit.MILLISECONDS.sleep(random.nextInt(900));
            } else {
                awaitGrowth(talks.get(random.nextInt(SESSIONS)).note());
            }
            daemon.kill();
            daemon = DaemonUnderTest.launch(home, CEILING_MB, settings, quick);
            passed = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begin);
            if (kill % 100 == 99) {
                System.err.printf("%d kills, %d s%n", kill + 1, passed);
            }
        }
        daemon.kill();
        kill++;
        daemon = DaemonUnderTest.start(home, CEILING_MB, settings, quick);
        ended.set(true);
        for (Thread thread : threads) {
            thread.join();
        }
        Judgement judgement = judge(talks);
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!judgement.isGood() && System.nanoTime() < end) {
            TimeUnit.SECONDS.sleep(1);
            Judgement later = judge(talks);
            // As long as something comes, it is not lost.
            end = later.lost() < judgement.lost()
                    ? System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS)
                    : end;
            judgement = later;
        }
        long uncertain = daemon.status().problems().stream()
                .filter(problem -> problem.code().equals("recording.uncertain"))
                .count();
        daemon.close();
        System.out.printf(
                "seed %d, %d notes, %d uncertain%nkills %d, lines expected %d, lost %d, duplicated %d, out of order %d%n",
                seed,
                talks.stream().mapToInt(talk -> talk.notes.size()).sum(),
                uncertain,
                kill,
                judgement.expected(),
                judgement.lost(),
                judgement.duplicated(),
                judgement.outOfOrder());
        boolean good = judgement.isGood() && uncertain == 0;
        for (Talk talk : talks) {
            if (!talk.failure.isEmpty()) {
                System.out.println("session " + talk.word + " ended: " + talk.failure);
                good = false;
            }
        }
        if (good) {
            TemporaryHome.delete(home);
        } else {
            System.out.println("Left for a look: " + home);
        }
        System.exit(good ? 0 : 1);
    }

    private static Judgement judge(List<Talk> talks) throws IOException {
        Judgement all = new Judgement(0, 0, 0, 0);
        for (Talk talk : talks) {
            Judgement one = talk.judge();
            all = new Judgement(
                    all.expected + one.expected,
                    all.lost + one.lost,
                    all.duplicated + one.duplicated,
                    all.outOfOrder + one.outOfOrder);
        }
        return all;
    }

    /** Returns right after the note grew, when what was done is not written down yet; or after a while. */
    private static void awaitGrowth(Path note) throws IOException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(1_500);
        long before = Files.exists(note) ? Files.size(note) : 0;
        while (System.nanoTime() < end && (Files.exists(note) ? Files.size(note) : 0) == before) {
            TimeUnit.MICROSECONDS.sleep(200);
        }
    }
}
