package dev.kept.cli;

import dev.kept.config.KeptHome;
import dev.kept.text.ForeignPath;
import dev.kept.text.TerminalStream;
import java.io.BufferedReader;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;

/**
 * What a command finds around it.
 *
 * @param terminalIn whether somebody can be asked
 * @param terminalOut whether somebody looks, rather than a program
 * @param terminalErr the same for what is said beside the output: questions of how far, and errors
 */
record Surroundings(
        KeptHome home,
        Map<String, String> environment,
        BufferedReader in,
        TerminalStream out,
        TerminalStream err,
        boolean terminalIn,
        boolean terminalOut,
        boolean terminalErr,
        Clock clock) {

    /** Set by the launcher where the folder is gone in which a command was typed. */
    private static final String DIRECTORY_GONE = "kept.directory.gone";

    /** The script that started this process, which can start a daemon; empty if the jar was run without it. */
    Optional<Path> launcher() {
        String launcher = environment.getOrDefault("KEPT_LAUNCHER", "");
        return ForeignPath.of(launcher);
    }

    boolean color() {
        return color(environment, terminalOut);
    }

    /** Whether words are set off where somebody looks or not. */
    static boolean color(Map<String, String> environment, boolean terminalOut) {
        return terminalOut
                && environment.getOrDefault("NO_COLOR", "").isEmpty()
                && !environment.getOrDefault("TERM", "").equals("dumb");
    }

    /** The same, with nobody who could leave a pager. */
    Surroundings withoutPager() {
        return new Surroundings(home, environment, in, out, err, false, terminalOut, terminalErr, clock);
    }

    Style style() {
        return new Style(color());
    }

    /** A path in a text of somebody else's, for people; as it is where it is none. */
    String pathForPeople(String path) {
        return home.forPeople(path);
    }

    /** The path that a person typed, relative to where they are; {@code ~/} is understood where no shell did it. */
    Path path(String typed) {
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

    /** Whether a working directory is this folder or lies below it; one that is not known does not. */
    static boolean isBelow(String workingDirectory, Path folder) {
        return ForeignPath.of(workingDirectory)
                .filter(path -> path.startsWith(folder))
                .isPresent();
    }

    String forPeople(Path path) {
        return home.forPeople(path);
    }

    /** What a person typed where a path belongs is none. */
    static final class NoPathException extends RuntimeException {
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
}
