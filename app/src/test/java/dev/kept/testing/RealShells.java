package dev.kept.testing;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;

/** The shells of this machine, without anybody's settings. A test that needs one that is missing is skipped, loudly. */
public final class RealShells {
    private RealShells() {}

    /** The ways to begin each without its start-up files. */
    private static final Map<String, List<String>> BARE = Map.of(
            "bash", List.of("--norc", "--noprofile"),
            "zsh", List.of("-f"),
            "fish", List.of("--no-config"));

    /** Starts a shell that reads commands from a file, in an environment of its own; both outputs are one. */
    public static Process start(String shell, Path home, Path commands, Map<String, String> environment)
            throws IOException {
        require(shell);
        List<String> command = new ArrayList<>(List.of(shell));
        command.addAll(BARE.getOrDefault(shell, List.of()));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(home.toFile())
                .redirectInput(commands.toFile())
                .redirectErrorStream(true);
        builder.environment().keySet().retainAll(List.of("PATH"));
        builder.environment().put("HOME", home.toString());
        builder.environment().put("LANG", "C.UTF-8");
        builder.environment().put("TERM", "dumb");
        builder.environment().putAll(environment);
        return builder.start();
    }

    private static void require(String shell) {
        boolean there = List.of(System.getenv("PATH").split(File.pathSeparator, -1)).stream()
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, shell)));
        if (!there) {
            System.out.println("SHELL LEFT OUT: there is no " + shell + " on the PATH");
        }
        Assumptions.assumeTrue(there, "there is no " + shell);
    }
}
