package dev.kept.cli;

import dev.kept.cli.command.StatusView;
import dev.kept.cli.terminal.CliContext;
import dev.kept.config.ConfigException;
import dev.kept.config.HomeFormat;
import dev.kept.config.HomeOwner;
import dev.kept.config.KeptVersion;
import dev.kept.control.ExitCode;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The main class of the command line's process.
 *
 * <p>{@code status} and {@code --version} are called often, by people, prompts and scripts: they are answered before
 * the library that parses other commands is loaded.
 */
public final class Main {
    private static final Set<String> STATUS_OPTIONS = Set.of("--json", "--all");

    /** The commands that need no home. */
    private static final Set<String> ABOUT = Set.of("--version", "-V", "help", "completion");

    private static final Set<String> HELP = Set.of("--help", "-h");

    private Main() {}

    private static boolean needsHome(List<String> arguments) {
        return !arguments.isEmpty()
                && !ABOUT.contains(arguments.getFirst())
                && arguments.stream().noneMatch(HELP::contains);
    }

    public static void main(String[] arguments) {
        CliContext context = CliContext.ofThisProcess();
        int code = checkOutput(run(List.of(arguments), context), context);
        // All threads left are daemon threads. After a process was started, System.exit would wait 300 ms for one of
        // them: Java's own, which waits for the end of that process.
        if (code != ExitCode.DONE) {
            System.exit(code);
        }
    }

    /** Runs a command and returns its exit code. */
    public static int run(List<String> arguments, CliContext context) {
        if (needsHome(arguments)) {
            try {
                HomeOwner.check(context.home());
                HomeFormat.check(context.home());
            } catch (ConfigException newer) {
                context.err().println("kept: " + newer.getMessage());
                return ExitCode.USAGE;
            } catch (IOException e) {
                context.err().println("kept: " + e.getMessage());
                return ExitCode.FAILED;
            }
        }
        Optional<Integer> quick = quick(arguments, context);
        return quick.isPresent() ? quick.get() : Commands.run(arguments, context);
    }

    /** Returns the exit code, or a failure if the standard output could not be written. */
    static int checkOutput(int code, CliContext context) {
        Optional<String> failure = context.out().failure();
        if (failure.isEmpty()) {
            return code;
        }
        context.err()
                .println("kept: the standard output cannot be written: " + failure.get()
                        + ". Not all of it has arrived; make room there, or send it elsewhere.");
        return code == ExitCode.DONE ? ExitCode.FAILED : code;
    }

    private static Optional<Integer> quick(List<String> arguments, CliContext context) {
        if (arguments.equals(List.of("--version")) || arguments.equals(List.of("-V"))) {
            context.out().println("kept " + KeptVersion.current());
            return Optional.of(ExitCode.DONE);
        }
        if (!arguments.isEmpty()
                && arguments.getFirst().equals("status")
                && STATUS_OPTIONS.containsAll(arguments.subList(1, arguments.size()))) {
            try {
                return Optional.of(StatusView.show(context, arguments.contains("--json"), arguments.contains("--all")));
            } catch (IOException e) {
                context.err().println("kept: " + e.getMessage());
                return Optional.of(ExitCode.FAILED);
            }
        }
        return Optional.empty();
    }
}
