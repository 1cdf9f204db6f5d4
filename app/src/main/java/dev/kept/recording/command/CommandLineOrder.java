package dev.kept.recording.command;

import dev.kept.command.InChatCommand;
import dev.kept.model.TapePosition;
import dev.kept.recording.journal.JournalEntry;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * An order that a person gives outside the chat, at the command line. The same rules, journal and path policy hold as
 * in the chat. It never waits for a missing permission: the person is there to grant it and to ask again.
 *
 * @param key names the order in the journal, and its origin
 * @param commands the commands in order, at least one; after a failure the rest is skipped
 * @param boundary the position of the event before which they act
 * @param workingDirectory that of the session; may be empty
 * @param reply receives the result, once, on the pipeline thread
 */
public record CommandLineOrder(
        String key,
        List<InChatCommand> commands,
        TapePosition boundary,
        String workingDirectory,
        Consumer<Reply> reply) {
    /** Prefix of the keys of these orders in the journal. */
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
     * The result of an order.
     *
     * @param message the effect, or the reason for the failure
     * @param remedy advice after a failure; may be empty
     */
    public record Reply(boolean done, String message, String remedy) {}
}
