package dev.kept.control;

import dev.kept.agents.Providers;
import dev.kept.config.KeptConfig;
import dev.kept.config.KeptHome;
import dev.kept.provider.Provider;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a person is told when the daemon is ready. The command line prints it; or the daemon itself does, for the launcher
 * script, which then needs no Java to wait with.
 */
public final class StartupMessage {
    /** The environment variable by which the launcher asks the daemon for the text on its standard output. */
    public static final String WANTED = "KEPT_TELL";

    private StartupMessage() {}

    /** The text, in lines that each end. Its first words are what the launcher knows it by. */
    public static String text(KeptHome home, KeptConfig config, long pid) {
        List<Path> roots = config.allowedWriteRoots();
        String places = Stream.concat(Stream.of(home.recordings()), roots.stream())
                .map(home::forPeople)
                .collect(Collectors.joining(", "));
        String agents = Providers.ALL.stream().map(Provider::displayName).collect(Collectors.joining(", "));
        return "Kept is running (pid " + pid + "). It keeps your conversations in " + home.forPeople(home.directory())
                + ".\n"
                + (roots.isEmpty()
                        ? "Recordings may be written only to " + places
                                + ". Allow a project folder with: kept allow DIR\n"
                        : "Recordings may be written to " + places + ".\n")
                + "It follows: " + agents + ". In a chat, ::capture notes/topic.md writes it down and goes on.\n"
                + "See what it holds with: kept status\n"
                + lastEnd(home);
    }

    /** A line on the last end that nobody asked for, if that was not long ago. */
    public static String lastEnd(KeptHome home) {
        Instant now = Instant.now();
        return LastExit.lately(home, now).map(end -> end.sentence(now) + ".\n").orElse("");
    }

    /**
     * Writes the text to this process's standard output and closes that: Java puts the system's empty device in its place. To
     * be called once requests are answered.
     */
    public static void tell(KeptHome home, KeptConfig config) {
        try (OutputStream out = new FileOutputStream(FileDescriptor.out)) {
            // In one piece, so that the launcher has all of it or nothing.
            out.write(text(home, config, ProcessHandle.current().pid()).getBytes(StandardCharsets.UTF_8));
        } catch (IOException nobodyListens) {
            // Who started it has gone away; the daemon was asked to run all the same.
        }
    }
}
