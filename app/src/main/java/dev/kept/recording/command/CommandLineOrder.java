package dev.kept.recording.command;

import dev.kept.command.InChatCommand;
import dev.kept.model.TapePosition;
import dev.kept.recording.journal.JournalEntry;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * What a person orders outside the chat, at the command line. The same rules, journal and path policy hold as in the chat;
 * it never waits for a right that is not given, for the person is there to give it and to ask again.
 *
 * @param key names the order in the journal, and where it came from
 * @param commands in their order, at least one; after one that fails the rest is left
 * @param boundary they act before the event at that place
 * @param workingDirectory that of the session; may be empty
 * @param reply hears once what came of it, on the pipeline thread
 */
public record CommandLineOrder(
        String key,
        List<InChatCommand> commands,
        TapePosition boundary,
        String workingDirectory,
        Consumer<Reply> reply) {
    /** How the keys of these orders begin in the journal. */
    public static final String ORIGIN = JournalEntry.CommandDecided.FROM_COMMAND_LINE;

    public CommandLineOrder {
        Objects.requireNonNull(key, "key");
        commands = List.copyOf(commands);
        Objects.requireNonNull(boundary, "boundary");
        Objects.requireNonNull(workingDirectory, "workingDirectory");
        Objects.requireNonNull(reply, "reply");
        if (commands.isEmpty()) {
            throw new IllegalArgumentException("an order has a command");
        }
    }

    /**
     * What came of it.
     *
     * @param message what was done, or why it was not
     * @param remedy what can be done where it was not; may be empty
     */
    public record Reply(boolean done, String message, String remedy) {}
}
