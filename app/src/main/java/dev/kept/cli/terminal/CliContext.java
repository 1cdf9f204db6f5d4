package dev.kept.cli.terminal;

import dev.kept.config.KeptHome;
import dev.kept.query.QueryContext;
import dev.kept.text.ForeignPath;
import dev.kept.text.TerminalStream;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;

/**
 * The context of a command: the home, the environment, the streams, and whether each is a terminal.
 *
 * @param terminalIn true if a person can be asked
 * @param terminalOut true if a person reads the output, rather than a program
 * @param terminalErr true if a person reads what is printed beside the output: progress and errors
 */
public record CliContext(
        KeptHome home,
        Map<String, String> environment,
        BufferedReader in,
        TerminalStream out,
        TerminalStream err,
        boolean terminalIn,
        boolean terminalOut,
        boolean terminalErr,
        Clock clock)
        implements QueryContext {

    /** System property set by the launcher if the current folder was deleted. */
    private static final String DIRECTORY_GONE = "kept.directory.gone";

    /**
     * Returns the context of this process: its environment, its standard streams, and the terminal as the launcher
     * found it.
     */
    public static CliContext ofThisProcess() {
        boolean terminalOut = Boolean.getBoolean("kept.terminal.out");
        return new CliContext(
                KeptHome.fromEnvironment(System.getenv()),
                System.getenv(),
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)),
                // Unbuffered: whole texts are printed at a time, with paths and titles.
                TerminalStream.standardOutput(color(System.getenv(), terminalOut)),
                TerminalStream.standardError(false),
                Boolean.getBoolean("kept.terminal.in"),
                terminalOut,
                Boolean.getBoolean("kept.terminal.err"),
                Clock.systemUTC());
    }

    /** Returns the script that started this process, which can start a daemon; empty if the jar was run without it. */
    public Optional<Path> launcher() {
        String launcher = environment.getOrDefault("KEPT_LAUNCHER", "");
        return ForeignPath.of(launcher);
    }

    public boolean color() {
        return color(environment, terminalOut);
    }

    /** Reports whether output is coloured. */
    public static boolean color(Map<String, String> environment, boolean terminalOut) {
        return terminalOut
                && environment.getOrDefault("NO_COLOR", "").isEmpty()
                && !environment.getOrDefault("TERM", "").equals("dumb");
    }

    /** Returns this context with no person to leave a pager. */
    public CliContext withoutPager() {
        return new CliContext(home, environment, in, out, err, false, terminalOut, terminalErr, clock);
    }

    public Style style() {
        return new Style(color());
    }

    /** Returns a path from foreign text in a form for people; unchanged if it is no path. */
    public String pathForPeople(String path) {
        return home.forPeople(path);
    }

    /**
     * Returns the path that a person typed, relative to the current folder; {@code ~/} is expanded if no shell did it.
     */
    public Path path(String typed) {
        boolean inHome = typed.equals("~") || typed.startsWith("~/");
        String rest = inHome ? typed.substring(Math.min(2, typed.length())) : typed;
        if (!inHome
                && !rest.startsWith("/")
                && System.getProperty(DIRECTORY_GONE, "").equals("yes")) {
            throw NoPathException.fromDeletedFolder(typed);
        }
        if (rest.isEmpty()) {
            return inHome ? home.userHome() : Path.of("").toAbsolutePath();
        }
        Path path = ForeignPath.of(rest).orElseThrow(() -> NoPathException.impossible(typed));
        return (inHome ? home.userHome().resolve(path) : path).toAbsolutePath().normalize();
    }

    public String forPeople(Path path) {
        return home.forPeople(path);
    }

    /** Thrown if the text that a person typed is no path. */
    public static final class NoPathException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private NoPathException(String message) {
            super(message);
        }

        static NoPathException impossible(String typed) {
            return new NoPathException(
                    "“" + typed + "” is no path on this system; name a file or folder that can be there");
        }

        static NoPathException fromDeletedFolder(String typed) {
            return new NoPathException("“" + typed + "” begins in the folder that you are in, which was"
                    + " deleted; name a path from the root, or change to a folder that is there");
        }
    }

    @Override
    public void showNotice(String sentence) {
        err.println(sentence);
    }

    @Override
    public ProgressDisplay showProgress(String work) {
        return new ProgressLine(this, work);
    }
}
