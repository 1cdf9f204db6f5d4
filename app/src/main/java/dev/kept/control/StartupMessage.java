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
 * The message printed when the daemon is ready, either by the command line or, for the launcher script, which then
 * needs no Java to wait with, by the daemon itself.
 */
public final class StartupMessage {
    /** The environment variable by which the launcher asks the daemon for the message on its standard output. */
    public static final String WANTED = "KEPT_TELL";

    private StartupMessage() {}

    /** Returns the message, in terminated lines. The launcher recognises it by its first words. */
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

    /** Returns a line on the last unrequested end, if it was recent; else an empty string. */
    public static String lastEnd(KeptHome home) {
        Instant now = Instant.now();
        return LastExit.recent(home, now).map(end -> end.sentence(now) + ".\n").orElse("");
    }

    /**
     * Writes the message to this process's standard output and closes that: Java replaces it with the null device.
     * Called once requests are answered.
     */
    public static void print(KeptHome home, KeptConfig config) {
        try (OutputStream out = new FileOutputStream(FileDescriptor.out)) {
            // In a single write, so that the launcher gets all of it or nothing.
            out.write(text(home, config, ProcessHandle.current().pid()).getBytes(StandardCharsets.UTF_8));
        } catch (IOException nobodyListens) {
            // The process that started the daemon has gone; the daemon runs all the same.
        }
    }
}
