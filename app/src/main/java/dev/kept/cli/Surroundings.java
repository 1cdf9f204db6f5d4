package dev.kept.cli;

import dev.kept.config.KeptHome;
import java.io.BufferedReader;
import java.io.PrintStream;
import java.nio.file.InvalidPathException;
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
        PrintStream out,
        PrintStream err,
        boolean terminalIn,
        boolean terminalOut,
        boolean terminalErr,
        Clock clock) {

    /** The script that started this process, which can start a daemon; empty if the jar was run without it. */
    Optional<Path> launcher() {
        String launcher = environment.getOrDefault("KEPT_LAUNCHER", "");
        return launcher.isEmpty() ? Optional.empty() : Optional.of(Path.of(launcher));
    }

    boolean color() {
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
        try {
            return path.startsWith("/") ? forPeople(Path.of(path)) : path;
        } catch (InvalidPathException noPath) {
            return path;
        }
    }

    /** The path that a person typed, relative to where they are; {@code ~/} is understood where no shell did it. */
    Path path(String typed) {
        if (typed.equals("~") || typed.startsWith("~/")) {
            return home.userHome()
                    .resolve(typed.substring(Math.min(2, typed.length())))
                    .normalize();
        }
        return Path.of(typed).toAbsolutePath().normalize();
    }

    /** Whether a working directory is this folder or lies below it; one that is not known does not. */
    static boolean isBelow(String workingDirectory, Path folder) {
        try {
            return !workingDirectory.isEmpty() && Path.of(workingDirectory).startsWith(folder);
        } catch (InvalidPathException noPath) {
            return false;
        }
    }

    String forPeople(Path path) {
        return home.forPeople(path);
    }
}
