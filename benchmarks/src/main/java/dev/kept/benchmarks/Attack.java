package dev.kept.benchmarks;

import dev.kept.benchmarks.AttackRun.Ending;
import dev.kept.benchmarks.AttackRun.Outcome;
import dev.kept.benchmarks.AttackRun.Part;
import dev.kept.benchmarks.Injection.Count;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * Attacks the daemon at every system call that it makes: kills it there, and has the call fail, once and from then on.
 * First a story is told under {@code strace} to see which calls there are and how often; then it is told again for each
 * attack.
 */
public final class Attack {
    private static final int WORKERS = 2;
    private static final int LONGEST_MINUTES = 600;
    private static final long SEED = 20_261_130;

    /** How each call is made to fail; calls that are not here, or that never fail in earnest, are only killed at. */
    private static final Map<String, List<String>> ERRORS = new TreeMap<>();

    /** A failure that the kernel never reports for good, or that leaves behind what it never leaves: only once. */
    private static final Set<String> ONCE = Set.of("close", "munmap", "dup2", "dup3", "mprotect", "madvise");

    /** The errors that come to many calls at once. */
    private static final List<String> TOGETHER = List.of("EIO", "ENOSPC", "EMFILE", "EINTR", "EACCES");

    static {
        errors(List.of("EIO", "EMFILE"), "openat");
        errors(List.of("EIO", "EINTR"), "read", "pread64", "readv", "preadv");
        errors(List.of("ENOSPC", "EIO", "EINTR"), "write", "pwrite64", "writev", "pwritev");
        errors(List.of("EIO", "ENOSPC"), "fsync", "fdatasync", "ftruncate", "rename", "renameat", "renameat2");
        errors(List.of("ENOSPC", "EACCES"), "mkdir", "mkdirat");
        errors(
                List.of("EIO", "EACCES"),
                "stat",
                "lstat",
                "fstat",
                "newfstatat",
                "statx",
                "access",
                "faccessat",
                "faccessat2",
                "readlink",
                "readlinkat",
                "unlink",
                "unlinkat",
                "rmdir",
                "chmod",
                "fchmod",
                "fchmodat",
                "utimensat",
                "statfs",
                "fstatfs");
        errors(List.of("EIO"), "getdents64", "lseek", "close", "sendfile", "copy_file_range", "fadvise64");
        errors(List.of("ENOLCK", "EINTR"), "flock", "fcntl");
        errors(List.of("ENOMEM"), "mmap", "mprotect", "munmap", "mremap", "brk", "madvise");
        errors(List.of("EAGAIN"), "clone", "clone3");
        errors(List.of("EINTR"), "epoll_wait", "epoll_pwait", "poll", "ppoll", "nanosleep", "clock_nanosleep");
        errors(List.of("ENOMEM", "ENOSPC"), "epoll_ctl", "inotify_add_watch");
        errors(List.of("EMFILE"), "epoll_create1", "eventfd2", "pipe2", "dup", "dup2", "dup3", "socketpair");
        errors(List.of("EMFILE", "ECONNABORTED", "EINTR"), "accept", "accept4");
        errors(List.of("EINVAL"), "inotify_rm_watch", "getsockopt", "getsockname", "getpeername", "shutdown", "ioctl");
    }

    private Attack() {}

    private static void errors(List<String> names, String... calls) {
        for (String call : calls) {
            ERRORS.put(call, names);
        }
    }

    /**
     * One attack of a run.
     *
     * @param row where it is counted
     */
    record Planned(String row, Injection injection, Part part) {
        @Override
        public String toString() {
            return injection + (part == Part.END ? " while it ends" : "");
        }
    }

    /**
     * What is to be done to one call: kills at the first time that a thread makes it, at a later and at one of the
     * last; each failure once and from the first time on. While it ends, less.
     */
    static List<Planned> plan(String call, Part part, Count count, Random random) {
        int any = 1 + random.nextInt(count.most());
        int late = count.most() - random.nextInt(Math.min(count.most(), 3));
        Set<Integer> kills = new TreeSet<>(part == Part.WORK ? List.of(1, any, late) : List.of(1, any));
        List<Planned> plan = new ArrayList<>();
        for (int at : kills) {
            plan.add(new Planned(call, Injection.kill(call, at), part));
        }
        for (String error : ERRORS.getOrDefault(call, List.of())) {
            if (part == Part.WORK || ONCE.contains(call)) {
                plan.add(new Planned(call, Injection.once(call, error, any), part));
            }
            if (!ONCE.contains(call)) {
                plan.add(new Planned(call, Injection.often(call, error, 1), part));
            }
        }
        return plan;
    }

    /** The same for all calls at once that are made and can fail so: each so many of a thread's. */
    static List<Planned> planTogether(Set<String> made, Part part, Random random) {
        List<Planned> plan = new ArrayList<>();
        for (String error : TOGETHER) {
            String calls = ERRORS.entrySet().stream()
                    .filter(each -> each.getValue().contains(error) && made.contains(each.getKey()))
                    .map(Map.Entry::getKey)
                    .filter(call -> !ONCE.contains(call))
                    .collect(Collectors.joining(","));
            if (!calls.isEmpty()) {
                for (int most : new int[] {5, 30, 150}) {
                    int step = most / 5 + random.nextInt(most);
                    plan.add(new Planned("several, " + error, Injection.often(calls, error, step), part));
                }
            }
        }
        return plan;
    }

    /** How the attacks on one call ended. */
    private static final class Row {
        private final Map<Part, Count> counts = new EnumMap<>(Part.class);
        private final Map<Ending, Integer> endings = new EnumMap<>(Ending.class);

        int of(Ending ending) {
            return endings.getOrDefault(ending, 0);
        }
    }

    /**
     * {@code --seed N --workers N --minutes N CALL…}: no calls means all; what was not begun by then is left out. Exit
     * code 1 on a loss, a doubled turn, a hang or an end without a word.
     */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Optional<String> unusable = Injection.unusable();
        if (unusable.isPresent()) {
            System.err.println("strace cannot be used here: " + unusable.get());
            System.exit(2);
        }
        long seed = Options.number(arguments, "--seed", (int) SEED);
        int workers = Options.number(arguments, "--workers", WORKERS);
        Duration most = Duration.ofMinutes(Options.number(arguments, "--minutes", LONGEST_MINUTES));
        List<String> wanted = new ArrayList<>();
        for (int i = 0; i < arguments.length; i++) {
            if (arguments[i].startsWith("--")) {
                i++;
            } else {
                wanted.add(arguments[i]);
            }
        }
        System.exit(run(seed, workers, most, wanted) ? 0 : 1);
    }

    private static boolean run(long seed, int workers, Duration most, List<String> wanted)
            throws IOException, InterruptedException {
        Random random = new Random(seed);
        Map<String, Row> rows = new TreeMap<>();
        List<Planned> plan = new ArrayList<>();
        for (Part part : Part.values()) {
            Map<String, Count> counts = AttackRun.calls(part, seed);
            counts.forEach((call, count) -> {
                List<Planned> more = plan(call, part, count, random);
                if (wanted.isEmpty() || wanted.contains(call)) {
                    rows.computeIfAbsent(call, _ -> new Row()).counts.put(part, count);
                    plan.addAll(more);
                }
            });
            List<Planned> together = planTogether(counts.keySet(), part, random);
            if (wanted.isEmpty() || wanted.contains("several")) {
                plan.addAll(together);
            }
        }
        Collections.shuffle(plan, random);
        System.err.printf("%d calls, %d attacks%n", rows.size(), plan.size());
        Map<Planned, Outcome> outcomes = attack(plan, workers, most, seed);
        outcomes.forEach((planned, outcome) ->
                rows.computeIfAbsent(planned.row(), _ -> new Row()).endings.merge(outcome.ending(), 1, Integer::sum));
        System.out.printf(Locale.ROOT, "seed %d, %d attacks of %d%n", seed, outcomes.size(), plan.size());
        print(rows);
        outcomes.forEach((planned, outcome) -> {
            if (outcome.ending() == Ending.WRONG || outcome.ending() == Ending.SAID) {
                System.out.println(outcome.ending() + ": " + planned + ": " + outcome.what());
            }
        });
        return outcomes.values().stream().noneMatch(outcome -> outcome.ending() == Ending.WRONG);
    }

    private static Map<Planned, Outcome> attack(List<Planned> plan, int workers, Duration most, long seed)
            throws InterruptedException {
        long begin = System.nanoTime();
        Map<Planned, Future<Optional<Outcome>>> running = new LinkedHashMap<>();
        Map<Planned, Outcome> outcomes = new LinkedHashMap<>();
        try (ExecutorService pool = Executors.newFixedThreadPool(workers)) {
            for (Planned each : plan) {
                Callable<Optional<Outcome>> run = () -> System.nanoTime() - begin > most.toNanos()
                        ? Optional.empty()
                        : Optional.of(AttackRun.of(each.injection(), each.part(), seed));
                running.put(each, pool.submit(run));
            }
            for (Map.Entry<Planned, Future<Optional<Outcome>>> each : running.entrySet()) {
                Optional<Outcome> outcome;
                try {
                    outcome = each.getValue().get();
                } catch (ExecutionException e) {
                    outcome = Optional.of(Outcome.wrong(String.valueOf(e.getCause())));
                }
                outcome.ifPresent(known -> {
                    outcomes.put(each.getKey(), known);
                    System.err.printf(
                            Locale.ROOT,
                            "%d of %d: %s: %s %s%n",
                            outcomes.size(),
                            plan.size(),
                            each.getKey(),
                            known.ending(),
                            known.what());
                });
            }
            pool.shutdown();
            pool.awaitTermination(1, TimeUnit.MINUTES);
        }
        return outcomes;
    }

    private static void print(Map<String, Row> rows) {
        System.out.println("call | at work | while it ends | attacks | not reached | went on | launched again"
                + " | said | stopped | wrong");
        Row all = new Row();
        rows.forEach((call, row) -> {
            System.out.println(line(call, row));
            row.endings.forEach((ending, number) -> all.endings.merge(ending, number, Integer::sum));
            row.counts.forEach((part, count) -> all.counts.merge(
                    part,
                    count,
                    (one, other) -> new Count(one.all() + other.all(), Math.max(one.most(), other.most()))));
        });
        System.out.println(line("all", all));
    }

    private static String line(String name, Row row) {
        int attacks = row.endings.values().stream().mapToInt(Integer::intValue).sum();
        return "%s | %d | %d | %d | %d | %d | %d | %d | %d | %d"
                .formatted(
                        name,
                        row.counts.getOrDefault(Part.WORK, new Count(0, 0)).all(),
                        row.counts.getOrDefault(Part.END, new Count(0, 0)).all(),
                        attacks,
                        row.of(Ending.NOT_REACHED),
                        row.of(Ending.WENT_ON),
                        row.of(Ending.LAUNCHED_AGAIN),
                        row.of(Ending.SAID),
                        row.of(Ending.STOPPED),
                        row.of(Ending.WRONG));
    }
}
