package dev.kept.benchmarks;

import dev.kept.benchmarks.Injection.Attached;
import dev.kept.benchmarks.Injection.Count;
import dev.kept.control.LastExit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The story once, in a home of its own, with one thing done to the daemon's system calls; and what became of it. Then
 * the daemon is killed, started again and left alone, and every tape is compared with its file, every note with what
 * was said.
 */
final class AttackRun {
    /** How a stop ends when there is nobody to stop any more. */
    private static final String NOT_RUNNING = "exit code 3";

    private static final List<String> LAUNCHED_AGAIN = List.of("daemon.ended");
    /** The sweep comes every 60 s, and tells within 30 s more. */
    private static final Duration GOING_ON = Duration.ofSeconds(100);

    private static final Duration AFTER_A_RESTART = Duration.ofSeconds(60);
    /** What {@code kept stop} gives an end in order, a SIGTERM and a SIGKILL, and some. */
    private static final Duration STOPPING = Duration.ofSeconds(45);

    private AttackRun() {}

    /** When it is done to the daemon. */
    enum Part {
        /** While it works; then it is left alone and must come back to keeping everything by itself. */
        WORK,
        /** While it ends. */
        END
    }

    /** How a run ended, from harmless to not. */
    enum Ending {
        /** The call was not made so often. */
        NOT_REACHED,
        /** The daemon lived, and everything was kept without anybody's doing. */
        WENT_ON,
        /** The daemon ended, said so, and everything was kept by the one that its supervisor launched. */
        LAUNCHED_AGAIN,
        /**
         * An order was refused, or something was not kept until the daemon was started anew; and its status said so.
         */
        SAID,
        /** It ended when it was told to. */
        STOPPED,
        /** Something is lost or doubled, the daemon hangs, or it ended without a word. */
        WRONG
    }

    /**
     * What became of a run.
     *
     * @param what in words; empty where there is nothing to say
     */
    record Outcome(Ending ending, String what) {
        static Outcome wrong(String what) {
            return new Outcome(Ending.WRONG, what);
        }
    }

    /** What the story is made of. */
    private record Scene(Path home, AttackStory story, SupervisedDaemon daemon) {}

    private static <T> T inHome(long seed, Function<T, Boolean> isGood, Told<T> told)
            throws IOException, InterruptedException {
        Path home = Files.createTempDirectory("kept-attack").toRealPath();
        AttackStory story = new AttackStory(home, seed);
        story.begin();
        T result;
        try (SupervisedDaemon daemon = SupervisedDaemon.start(home, story.settings())) {
            story.lossesWithin(AFTER_A_RESTART);
            result = told.in(new Scene(home, story, daemon));
        }
        if (isGood.apply(result)) {
            TemporaryHome.delete(home);
        } else {
            System.out.println("Left for a look: " + home);
        }
        return result;
    }

    /** Something that is done in a scene. */
    @FunctionalInterface
    private interface Told<T> {
        T in(Scene scene) throws IOException, InterruptedException;
    }

    /** Which system calls the daemon makes in that part of the story. */
    static Map<String, Count> calls(Part part, long seed) throws IOException, InterruptedException {
        return inHome(seed, _ -> true, scene -> {
            Path log = scene.home().resolve("strace.log");
            if (part == Part.END) {
                scene.story().work(scene.daemon());
            }
            Attached strace = Injection.counting(scene.daemon().pid(), log);
            try (strace) {
                act(part, scene);
            }
            return strace.counts();
        });
    }

    /** Goes through that part; says what failed in it, if anything that must not. */
    private static String act(Part part, Scene scene) throws IOException, InterruptedException {
        return switch (part) {
            case WORK -> {
                scene.story().work(scene.daemon());
                yield "";
            }
            case END -> {
                Optional<Integer> code = scene.daemon().command(STOPPING, "stop");
                yield code.equals(Optional.of(0))
                        ? ""
                        : code.map(number -> "exit code " + number).orElse("it takes too long");
            }
        };
    }

    /** Tells the story with that done in that part of it. */
    static Outcome of(Injection injection, Part part, long seed) throws IOException, InterruptedException {
        return inHome(seed, outcome -> outcome.ending() != Ending.WRONG, scene -> {
            Outcome outcome = attacked(injection, part, scene);
            scene.daemon().end();
            if (outcome.ending() == Ending.WRONG) {
                return outcome;
            }
            try (SupervisedDaemon again =
                    SupervisedDaemon.start(scene.home(), scene.story().settings())) {
                scene.story().goOn();
                List<String> losses = scene.story().lossesWithin(AFTER_A_RESTART);
                if (!losses.isEmpty()) {
                    return Outcome.wrong("after a restart, status " + again.problems() + ": " + losses);
                }
                return again.end() ? outcome : Outcome.wrong("the daemon started after it does not end");
            }
        });
    }

    private static Outcome attacked(Injection injection, Part part, Scene scene)
            throws IOException, InterruptedException {
        Path log = scene.home().resolve("strace.log");
        if (part == Part.END) {
            scene.story().work(scene.daemon());
        }
        long pid = scene.daemon().pid();
        String failed;
        Attached strace = injection.attach(pid, log);
        try (strace) {
            failed = act(part, scene);
        }
        boolean lives = SupervisedDaemon.isAlive(pid);
        boolean reached = injection.error().isPresent() ? strace.injected() > 0 : !lives;
        if (part == Part.END) {
            boolean ended =
                    failed.equals(NOT_RUNNING) && scene.daemon().lastEnd().isPresent();
            if ((!failed.isEmpty() && !ended) || lives) {
                return Outcome.wrong("kept stop failed: " + failed + (lives ? " and it lives" : ""));
            }
            return new Outcome(reached ? Ending.STOPPED : Ending.NOT_REACHED, "");
        }
        Outcome outcome = lives ? livedOn(pid, scene) : ended(pid, scene);
        return reached || outcome.ending() == Ending.WRONG ? outcome : new Outcome(Ending.NOT_REACHED, "");
    }

    private static Outcome livedOn(long pid, Scene scene) throws IOException, InterruptedException {
        if (!scene.daemon().answers()) {
            // It may just have been ending.
            return SupervisedDaemon.isAlive(pid)
                    ? Outcome.wrong("the daemon lives and does not answer")
                    : ended(pid, scene);
        }
        scene.story().goOn();
        List<String> losses = scene.story().lossesWithin(GOING_ON);
        if (losses.isEmpty()) {
            List<String> refusals = scene.story().refusals();
            return refusals.isEmpty()
                    ? new Outcome(Ending.WENT_ON, "")
                    : new Outcome(Ending.SAID, "refused: " + refusals);
        }
        List<String> problems = scene.daemon().problems();
        return problems.isEmpty()
                ? Outcome.wrong("not kept, and nothing is said: " + losses)
                : new Outcome(Ending.SAID, problems + ": " + losses);
    }

    private static String words(LastExit end) {
        return end.cause()
                + end.lastWords().stream()
                        .filter(line -> line.startsWith("kept: "))
                        .map(line -> "; " + line)
                        .collect(Collectors.joining());
    }

    private static Outcome ended(long pid, Scene scene) throws IOException, InterruptedException {
        Optional<Long> next = scene.daemon().awaitAnother(pid);
        String end = scene.daemon().lastEnd().map(AttackRun::words).orElse("");
        if (next.isEmpty()) {
            return Outcome.wrong("it ended and was not launched again; supervisor: "
                    + scene.daemon().supervisorEnded().map(String::valueOf).orElse("lives") + "; said: " + end);
        }
        if (end.isEmpty() || !scene.daemon().problems().containsAll(LAUNCHED_AGAIN)) {
            return Outcome.wrong("it was launched again, and its end is not said");
        }
        scene.story().goOn();
        List<String> losses = scene.story().lossesWithin(GOING_ON);
        if (losses.isEmpty()) {
            return new Outcome(Ending.LAUNCHED_AGAIN, end);
        }
        return Outcome.wrong(
                "launched again and not kept, status " + scene.daemon().problems() + ": " + losses);
    }
}
