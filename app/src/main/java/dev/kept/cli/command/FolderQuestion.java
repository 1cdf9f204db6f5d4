package dev.kept.cli.command;

import dev.kept.cli.terminal.CliContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The question of the first start to which project folders recordings may be written. */
final class FolderQuestion {
    private final CliContext context;

    FolderQuestion(CliContext context) {
        this.context = context;
    }

    /** Asks, and returns the existing directories that the person named, each once. */
    List<Path> ask() throws IOException {
        say("Recordings of your chats can always be written to "
                + context.forPeople(context.home().recordings()) + ".");
        say("Which project folders may they be written to as well? One per line; an empty line ends.");
        List<Path> folders = new ArrayList<>();
        while (true) {
            context.out().print("> ");
            context.out().flush();
            @Nullable String line = context.in().readLine();
            if (line == null || line.isBlank()) {
                return folders;
            }
            add(folders, line.strip());
        }
    }

    private void add(List<Path> folders, String typed) {
        Path folder;
        try {
            folder = context.path(typed);
        } catch (CliContext.NoPathException e) {
            say("  That is no path. Try again.");
            return;
        }
        if (!Files.isDirectory(folder)) {
            say("  " + context.forPeople(folder) + (Files.exists(folder) ? " is not a directory." : " does not exist.")
                    + " Try again.");
        } else if (!folders.contains(folder)) {
            folders.add(folder);
        }
    }

    private void say(String text) {
        context.out().println(text);
    }
}
