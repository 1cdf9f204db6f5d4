package dev.kept.cli;

import dev.kept.config.HomeOwner;
import dev.kept.config.KeptHome;
import dev.kept.config.KeptVersion;
import dev.kept.daemon.ExitCode;
import dev.kept.text.TerminalStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The command line's process.
 *
 * <p>{@code status} and {@code --version} are asked often, by people and by prompts and scripts: they are answered before
 * the library that understands the rest is loaded.
 */
public final class Main {
    private static final Set<String> STATUS_OPTIONS = Set.of("--json", "--all");

    /** The commands that only speak of Kept itself. */
    private static final Set<String> ABOUT = Set.of("--version", "-V", "help", "completion", Rehearsal.COMMAND);

    private static final Set<String> HELP = Set.of("--help", "-h");

    private Main() {}

    private static boolean needsHome(List<String> arguments) {
        return !arguments.isEmpty()
                && !ABOUT.contains(arguments.getFirst())
                && arguments.stream().noneMatch(HELP::contains);
    }

    public static void main(String[] arguments) {
        // Unbuffered: what is printed are whole texts, with paths and titles.
        boolean terminalOut = Boolean.getBoolean("kept.terminal.out");
        TerminalStream out = TerminalStream.standardOutput(Surroundings.color(System.getenv(), terminalOut));
        TerminalStream err = TerminalStream.standardError(false);
        Surroundings surroundings = new Surroundings(
                KeptHome.fromEnvironment(System.getenv()),
                System.getenv(),
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)),
                out,
                err,
                Boolean.getBoolean("kept.terminal.in"),
                terminalOut,
                Boolean.getBoolean("kept.terminal.err"),
                Clock.systemUTC());
        int code = written(run(List.of(arguments), surroundings), surroundings);
        // Only threads that end with the process are left then. Where a process was started, to exit would wait 300 ms
        // for one of them: Java's own, which waits for the end of that process.
        if (code != ExitCode.DONE) {
            System.exit(code);
        }
    }

    static int run(List<String> arguments, Surroundings surroundings) {
        if (needsHome(arguments)) {
            try {
                HomeOwner.check(surroundings.home());
            } catch (IOException e) {
                surroundings.err().println("kept: " + e.getMessage());
                return ExitCode.FAILED;
            }
        }
        Optional<Integer> quick = quick(arguments, surroundings);
        return quick.isPresent() ? quick.get() : Commands.run(arguments, surroundings);
    }

    /** Returns the exit code of a command whose output may not have been written: then nothing is done. */
    static int written(int code, Surroundings surroundings) {
        Optional<String> failure = surroundings.out().failure();
        if (failure.isEmpty()) {
            return code;
        }
        surroundings
                .err()
                .println("kept: the standard output cannot be written: " + failure.get()
                        + ". Not all of it has arrived; make room there, or send it elsewhere.");
        return code == ExitCode.DONE ? ExitCode.FAILED : code;
    }

    private static Optional<Integer> quick(List<String> arguments, Surroundings surroundings) {
        if (arguments.equals(List.of("--version")) || arguments.equals(List.of("-V"))) {
            surroundings.out().println("kept " + KeptVersion.current());
            return Optional.of(ExitCode.DONE);
        }
        if (!arguments.isEmpty()
                && arguments.getFirst().equals("status")
                && STATUS_OPTIONS.containsAll(arguments.subList(1, arguments.size()))) {
            try {
                return Optional.of(
                        StatusView.show(surroundings, arguments.contains("--json"), arguments.contains("--all")));
            } catch (IOException e) {
                surroundings.err().println("kept: " + e.getMessage());
                return Optional.of(ExitCode.FAILED);
            }
        }
        if (!arguments.isEmpty() && arguments.getFirst().equals(Rehearsal.COMMAND)) {
            return Optional.of(Rehearsal.run(surroundings, arguments.subList(1, arguments.size())));
        }
        return Optional.empty();
    }
}
