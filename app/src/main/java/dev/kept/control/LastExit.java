package dev.kept.control;

import dev.kept.config.KeptHome;
import dev.kept.status.HumanReadable;
import dev.kept.status.StatusReport.Problem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The daemon's last unrequested end, as recorded by its supervisor. Read from disk: no daemon is needed.
 *
 * <pre>
 * logs/last-end       at=1764523085       seconds since 1970
 * code=137            exit code; 128 and more: the signal that ended it
 * ran=12              seconds
 * launches=2          number of the next launch
 * of=5                limit of launches
 * pause=5             seconds until then; empty: there is none any more
 * logs/last-end.out   last output of the process
 * </pre>
 *
 * @param ran time that it had run
 * @param launches number of the next launch, or of the last one
 * @param most limit of consecutive launches
 * @param pause time until the next launch; empty if there is none
 * @param lastWords last lines printed by the process
 */
public record LastExit(
        Instant at, int code, Duration ran, int launches, int most, Optional<Duration> pause, List<String> lastWords) {
    /** Code of the problem that reports it. */
    public static final String CODE = "daemon.ended";

    /** Time for which it is worth a person's attention. */
    private static final Duration NEWS = Duration.ofHours(24);

    private static final int SIGNALS = 128;
    /** Signals caused by the process itself; SIGKILL and SIGTERM are sent on purpose. */
    private static final Set<Integer> OWN_SIGNALS = Set.of(4, 6, 7, 8, 11, 31);

    private static final Map<Integer, String> SIGNAL_NAMES = Map.of(
            4, "SIGILL", 6, "SIGABRT", 7, "SIGBUS", 8, "SIGFPE", 9, "SIGKILL", 11, "SIGSEGV", 24, "SIGXCPU", 25,
            "SIGXFSZ", 31, "SIGSYS");

    public LastExit {
        lastWords = List.copyOf(lastWords);
    }

    /**
     * Reads the record of the supervisor; empty if the daemon never ended unexpectedly, or the record cannot be read.
     */
    public static Optional<LastExit> read(KeptHome home) {
        try {
            Map<String, String> facts = Files.readString(home.lastEndFile(), StandardCharsets.ISO_8859_1)
                    .lines()
                    .filter(line -> line.indexOf('=') > 0)
                    .collect(Collectors.toMap(
                            line -> line.substring(0, line.indexOf('=')),
                            line -> line.substring(line.indexOf('=') + 1),
                            (_, later) -> later));
            String pause = facts.getOrDefault("pause", "");
            return Optional.of(new LastExit(
                    Instant.ofEpochSecond(Long.parseLong(facts.getOrDefault("at", ""))),
                    Integer.parseInt(facts.getOrDefault("code", "")),
                    Duration.ofSeconds(Long.parseLong(facts.getOrDefault("ran", "0"))),
                    Integer.parseInt(facts.getOrDefault("launches", "0")),
                    Integer.parseInt(facts.getOrDefault("of", "0")),
                    pause.isEmpty() ? Optional.empty() : Optional.of(Duration.ofSeconds(Long.parseLong(pause))),
                    lastWords(home)));
        } catch (IOException | NumberFormatException | java.time.DateTimeException none) {
            return Optional.empty();
        }
    }

    private static List<String> lastWords(KeptHome home) {
        try {
            return Files.readAllLines(home.lastEndOutput(), StandardCharsets.ISO_8859_1);
        } catch (IOException none) {
            return List.of();
        }
    }

    /** Returns the last unexpected end if it was within 24 hours. */
    public static Optional<LastExit> recent(KeptHome home, Instant now) {
        return read(home).filter(end -> end.at().isAfter(now.minus(NEWS)));
    }

    /** Returns the cause of the end, in a few words. */
    public String cause() {
        boolean noMemory = lastWords.stream().anyMatch(line -> line.contains("OutOfMemoryError"));
        boolean lostFile = lastWords.stream().anyMatch(line -> line.contains("SIGBUS"));
        if (code == ExitCode.FAILED
                && lastWords.stream().anyMatch(line -> line.contains("insufficient memory for the Java Runtime"))) {
            return "the system gave Java no memory (see logs/crash.log)";
        }
        if (code == ExitCode.FAULT && lastWords.stream().anyMatch(line -> line.contains("native thread"))) {
            return "the system lets it have no more threads";
        }
        if (lostFile || code == SIGNALS + 7) {
            return "a file that it had mapped was cut short, as when its program or its Java is replaced in place (SIGBUS)";
        }
        return switch (code) {
            case ExitCode.OUT_OF_MEMORY -> "out of memory";
            case ExitCode.FAULT ->
                (noMemory ? "out of memory" : "a fault in Kept itself")
                        + lastWords.stream()
                                .filter(line -> line.startsWith("kept: "))
                                .findFirst()
                                .flatMap(LastExit::thread)
                                .map(thread -> ", in the thread " + thread)
                                .orElse("");
            case ExitCode.FAILED ->
                "it could not begin"
                        + lastWords.stream()
                                .filter(line -> line.startsWith("kept: "))
                                .reduce((_, last) -> last)
                                .map(line -> " (" + line.substring("kept: ".length()) + ")")
                                .orElse("");
            case ExitCode.USAGE ->
                "its configuration is refused"
                        + lastWords.stream()
                                .reduce((_, last) -> last)
                                .map(line -> " (" + line + ")")
                                .orElse("");
            case SIGNALS + 6 -> "Java itself failed (SIGABRT; see logs/crash.log)";
            default -> code > SIGNALS ? "ended by " + signal(code - SIGNALS) : "exit code " + code;
        };
    }

    private static Optional<String> thread(String line) {
        String before = "ended the thread ";
        int at = line.indexOf(before);
        int end = line.indexOf(':', at + before.length());
        return at < 0 || end < 0 ? Optional.empty() : Optional.of(line.substring(at + before.length(), end));
    }

    private static String signal(int number) {
        return SIGNAL_NAMES.getOrDefault(number, "signal " + number);
    }

    /** Reports whether the daemon caused its own end, such as by running out of memory. */
    public boolean isItsOwnFault() {
        return code == ExitCode.OUT_OF_MEMORY
                || code == ExitCode.FAULT
                || (code > SIGNALS && OWN_SIGNALS.contains(code - SIGNALS));
    }

    /** Reports whether the supervisor has used up its launches. */
    public boolean givenUp() {
        return pause.isEmpty();
    }

    /** Reports whether a next launch is still to come. */
    public boolean waits(Instant now) {
        return pause.map(rest -> at.plus(rest).isAfter(now)).orElse(false);
    }

    /** Returns one sentence for people, without its full stop. */
    public String sentence(Instant now) {
        String what = "Kept ended unexpectedly at " + at.truncatedTo(ChronoUnit.SECONDS) + " ("
                + HumanReadable.ago(at, now) + "): " + cause();
        if (givenUp()) {
            return what + "; not launched again after " + launches + " of " + most;
        }
        return waits(now)
                ? what + "; to be launched again in "
                        + Duration.between(now, at.plus(pause.orElseThrow())).toSeconds() + " s, " + launches + " of "
                        + most
                : what + "; launched again, " + launches + " of " + most;
    }

    /**
     * Returns advice to the person.
     *
     * @param running true if the daemon runs again
     */
    public String remedy(KeptHome home, boolean running) {
        String words = "its last output is in " + home.forPeople(home.lastEndOutput());
        String first = running ? "nothing if it stays away; " : "kept start; ";
        return first
                + (code == ExitCode.OUT_OF_MEMORY
                        ? "if it comes back, raise daemonMaxMemoryMb in config.yaml, then: kept restart; "
                        : "")
                + words;
    }

    /** Returns it as a problem for the status report. */
    public Problem problem(KeptHome home, boolean running, Instant now) {
        return new Problem(CODE, sentence(now) + ".", remedy(home, running), Optional.of(at), 0);
    }
}
