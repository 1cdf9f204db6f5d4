package dev.kept.benchmarks;

import dev.kept.benchmarks.SoakNotes.Judgement;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

/**
 * A long day in short: an hour of work takes a minute. Hundreds of conversations with four agents begin, grow, are
 * forked, and rest; people type commands in them; their files are cut, rewritten, replaced, archived, packed, deleted
 * and brought back; Kept is stopped and killed. Then every tape is compared with what was written, and every note with
 * what was said.
 *
 * <p>New conversations, and ends of the daemon, come in the first half. In the second the same conversations go on
 * under one daemon, so that what it takes can be seen to stay as it is; another kill ends it.
 */
public final class Soak {
    /** Half of all conversations are Claude's. */
    private static final List<SoakAgent.Kind> KINDS = List.of(
            SoakAgent.Kind.CLAUDE,
            SoakAgent.Kind.CLAUDE,
            SoakAgent.Kind.CLAUDE,
            SoakAgent.Kind.CODEX,
            SoakAgent.Kind.GEMINI,
            SoakAgent.Kind.COPILOT);

    private static final int CEILING_MB = 128;
    private static final int FASTER = 60;
    private static final double BEGUN_A_SECOND = 1;
    private static final double FEWEST_BEGUN = 40;
    private static final double PATIENCE_SECONDS = 180;
    private static final double SAMPLE_SECONDS = 15;
    /** When the daemon that began in the middle has come to what it takes, as a part of the whole. */
    private static final double MEASURED_FROM = 0.6;

    /** What may be gained from then on, of the mean; less than this many samples tell nothing. */
    private static final double MOST_GAIN = 0.05;

    private static final int FEWEST_SAMPLES = 8;
    private static final int MOST_MORE = 3;

    private final Random random;
    private final double seconds;
    private final Path home;
    private final SoakTalk.Place place;
    private final List<String> settings;
    private final List<SoakTalk> talks = new ArrayList<>();
    private final PriorityQueue<Due> due = new PriorityQueue<>();
    private final List<SoakSample> samples = new ArrayList<>();
    private final List<String> complaints = new ArrayList<>();
    private final long begin = System.nanoTime();
    private DaemonUnderTest daemon;
    private long peakKb;
    private int kills;
    private int stops;
    private int begun;
    private long steps;

    /** When a conversation goes on. */
    private record Due(double atSeconds, int order, SoakTalk talk) implements Comparable<Due> {
        @Override
        public int compareTo(Due other) {
            int byTime = Double.compare(atSeconds, other.atSeconds);
            return byTime != 0 ? byTime : Integer.compare(order, other.order);
        }
    }

    /** How a soak went: what is wrong, in words. */
    public record Result(List<String> losses, List<String> growth) {
        public Result {
            losses = List.copyOf(losses);
            growth = List.copyOf(growth);
        }
    }

    private Soak(Duration length, long seed) throws IOException, InterruptedException {
        this.random = new Random(seed);
        this.seconds = length.toMillis() / 1_000.0;
        this.home = Files.createTempDirectory("kept-soak").toRealPath();
        this.place = SoakTalk.Place.of(home, home.resolve(".kept/tapes"));
        Path work = Files.createDirectories(home.resolve("work"));
        this.settings = List.of("allowedWriteRoots: ['" + work + "']", "recordings:", "  timeZone: UTC");
        this.daemon = DaemonUnderTest.start(home, CEILING_MB, settings, List.of());
    }

    /**
     * Arguments: minutes (10), which may be a fraction; a seed. Exit code 1 if anything was lost or doubled, or if
     * something grew.
     */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        double minutes = arguments.length > 0 ? Double.parseDouble(arguments[0]) : 10;
        long seed = arguments.length > 1 ? Long.parseLong(arguments[1]) : System.nanoTime();
        Result result = run(Duration.ofMillis(Math.round(minutes * 60_000)), seed);
        System.exit(result.losses().isEmpty() && result.growth().isEmpty() ? 0 : 1);
    }

    /** Runs one, and prints its tables. */
    static Result run(Duration length, long seed) throws IOException, InterruptedException {
        System.out.printf(
                Locale.ROOT,
                "seed %d, load %.2f%n",
                seed,
                ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
        Soak soak = new Soak(length, seed);
        Result result;
        try {
            soak.work();
            result = soak.judge();
        } finally {
            soak.daemon.close();
        }
        if (result.losses().isEmpty()) {
            TemporaryHome.delete(soak.home);
        } else {
            System.out.println("Left for a look: " + soak.home);
        }
        return result;
    }

    private double now() {
        return (System.nanoTime() - begin) / 1e9;
    }

    private void work() throws IOException, InterruptedException {
        double from = now();
        double half = from + seconds / 2;
        double end = from + seconds;
        double nextBirth = from;
        double nextEnd = from + seconds / 20;
        double nextSample = half;
        System.out.printf(
                "%8s %9s %9s %9s %10s %11s %8s%n",
                "second", "rss kB", "heap kB", "committed", "outside kB", "descriptors", "threads");
        while (now() < end) {
            double at = now();
            if (at >= nextBirth && at < half) {
                nextBirth += Math.min(1 / BEGUN_A_SECOND, seconds / 2 / FEWEST_BEGUN);
                begin();
            } else if (at >= nextEnd && at < half) {
                nextEnd = at + Math.min(seconds / 12, 5 + random.nextInt(15));
                endAndStartAgain();
            } else if (at >= nextSample) {
                nextSample = at + SAMPLE_SECONDS;
                sample(at - from);
            } else if (due.peek() != null && due.peek().atSeconds() <= at) {
                goOn(due.remove().talk());
            } else {
                TimeUnit.MILLISECONDS.sleep(2);
            }
        }
    }

    private void begin() throws IOException {
        SoakAgent.Kind kind = KINDS.get(random.nextInt(KINDS.size()));
        Path work = Files.createDirectories(home.resolve("work/project-" + random.nextInt(8)));
        add(SoakTalk.begin(nextWord(), kind, place.at(work), new Random(random.nextLong()), random.nextInt(8) == 0));
    }

    private String nextWord() {
        return "s" + begun++;
    }

    private void add(SoakTalk talk) {
        talks.add(talk);
        due.add(new Due(now(), talks.size(), talk));
    }

    private void goOn(SoakTalk talk) throws IOException {
        steps++;
        talk.step("s" + begun).ifPresent(fork -> {
            begun++;
            add(fork);
        });
        if (!talk.hasEnded()) {
            due.add(new Due(now() + talk.pause() / FASTER, (int) (steps & 0xffff), talk));
        }
    }

    private void endAndStartAgain() throws IOException, InterruptedException {
        notePeak();
        if (random.nextInt(3) == 0) {
            daemon.close();
            stops++;
        } else {
            daemon.kill();
            kills++;
        }
        daemon = DaemonUnderTest.launch(home, CEILING_MB, settings, List.of());
    }

    private void notePeak() throws IOException {
        if (daemon.isAlive()) {
            peakKb = Math.max(peakKb, daemon.numbers().peakKb());
        } else {
            complaints.add("the daemon ended by itself: " + daemon.output());
        }
    }

    private void sample(double at) throws IOException, InterruptedException {
        if (!daemon.isAlive()) {
            notePeak();
            daemon = DaemonUnderTest.start(home, CEILING_MB, settings, List.of());
            return;
        }
        SoakSample sample = SoakSample.of(daemon, at);
        if (at >= seconds * MEASURED_FROM) {
            samples.add(sample);
        }
        System.out.printf(
                Locale.ROOT,
                "%8.0f %9d %9d %9d %10d %11d %8d%n",
                sample.atSeconds(),
                sample.rssKb(),
                sample.heapKb(),
                sample.committedKb(),
                sample.outsideKb(),
                sample.descriptors(),
                sample.threads());
    }

    private Result judge() throws IOException, InterruptedException {
        notePeak();
        daemon.kill();
        kills++;
        for (SoakTalk talk : talks) {
            talk.end();
        }
        daemon = DaemonUnderTest.start(home, CEILING_MB, settings, List.of());
        double until = now() + PATIENCE_SECONDS;
        List<String> losses = losses();
        while (!losses.isEmpty() && now() < until) {
            TimeUnit.SECONDS.sleep(2);
            losses = losses();
        }
        notePeak();
        daemon.status().problems().stream()
                .filter(problem -> problem.code().startsWith("recording."))
                .forEach(problem -> complaints.add(problem.code() + ": " + problem.message()));
        if (peakKb > CEILING_MB * 1024L) {
            complaints.add("the process took " + peakKb + " kB");
        }
        Judgement notes = Judgement.NONE;
        for (SoakTalk talk : talks) {
            notes = notes.plus(talk.judge(new ArrayList<>()));
        }
        System.out.printf(
                Locale.ROOT,
                "%ndone: %d conversations, %,d turns, %,d commands, %,d bytes; %d kills, %d stops%nfiles: %s%n",
                talks.size(),
                talks.stream().mapToInt(SoakTalk::turns).sum(),
                talks.stream().mapToInt(SoakTalk::commands).sum(),
                talks.stream().mapToLong(SoakTalk::bytes).sum(),
                kills,
                stops,
                place.done());
        System.out.printf(
                Locale.ROOT,
                "tapes: %,d files in %,d states, %d not kept%n",
                talks.stream().mapToInt(SoakTalk::files).sum(),
                talks.stream().mapToInt(SoakTalk::states).sum(),
                missing().size());
        System.out.printf(
                Locale.ROOT,
                "notes: %,d with %,d turns expected, %d lost, %d doubled, %d out of order%n",
                notes.notes(),
                notes.expected(),
                notes.lost(),
                notes.doubled(),
                notes.outOfOrder());
        System.out.printf(Locale.ROOT, "most resident: %,d kB of %,d%n", peakKb, CEILING_MB * 1024L);
        List<String> growth = growth();
        losses.addAll(complaints);
        losses.forEach(loss -> System.out.println("WRONG: " + loss));
        growth.forEach(gain -> System.out.println("GREW: " + gain));
        return new Result(losses, growth);
    }

    private List<String> missing() throws IOException {
        List<String> missing = new ArrayList<>();
        for (SoakTalk talk : talks) {
            missing.addAll(talk.missing());
        }
        return missing;
    }

    private List<String> losses() throws IOException {
        List<String> losses = missing();
        for (SoakTalk talk : talks) {
            talk.judge(losses);
        }
        for (Path project : projects()) {
            if (Files.exists(project.resolve("decoys"))) {
                losses.add(project + ": what is no command was obeyed");
            }
        }
        int files = talks.stream().mapToInt(SoakTalk::files).sum();
        int tapes = SoakFile.tapes(home.resolve(".kept/tapes"));
        if (tapes > files) {
            losses.add(tapes + " tapes of " + files + " files");
        }
        return losses;
    }

    private List<Path> projects() throws IOException {
        try (var all = Files.list(home.resolve("work"))) {
            return all.toList();
        }
    }

    private List<String> growth() {
        List<String> grew = new ArrayList<>();
        if (samples.size() >= FEWEST_SAMPLES) {
            System.out.printf("%n%-28s %12s %12s %8s%n", "once it had settled", "mean", "gain", "%");
            flat(grew, "heap after collection, kB", SoakSample::heapKb, 0);
            flat(grew, "resident, kB", SoakSample::rssKb, 0);
            flat(grew, "resident beside the heap, kB", SoakSample::outsideKb, 0);
            flat(grew, "descriptors", SoakSample::descriptors, MOST_MORE);
            flat(grew, "threads", SoakSample::threads, MOST_MORE);
        }
        return grew;
    }

    /** Adds it if it rises by more than may be. */
    private void flat(List<String> grew, String what, ToDoubleFunction<SoakSample> value, double more) {
        double mean = samples.stream().mapToDouble(value).average().orElseThrow();
        double gain = SoakSample.growth(samples, value);
        String line = String.format(Locale.ROOT, "%-28s %12.0f %12.1f %8.2f", what, mean, gain, 100 * gain / mean);
        System.out.println(line);
        if (gain > Math.max(MOST_GAIN * mean, more)) {
            grew.add(line);
        }
    }
}
