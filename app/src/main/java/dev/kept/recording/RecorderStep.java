package dev.kept.recording;

import dev.kept.command.CommandLine;
import dev.kept.model.ConversationEvent;
import dev.kept.model.TapePosition;
import dev.kept.recording.command.CommandLineOrder;
import java.util.Optional;

/** A step of a session's recorder. Steps are carried out in order. */
sealed interface RecorderStep {

    record Deliver(ConversationEvent event) implements RecorderStep {}

    /** Events that were not kept in memory; {@code next} is the position after them. */
    record Skipped(TapePosition next) implements RecorderStep {}

    /** A move of the conversation to another source, from that position of it on. */
    record Move(String sourceId, TapePosition from) implements RecorderStep {}

    /**
     * A command at its boundary: it acts before the event at that position.
     *
     * @param waits whether it must wait until the initial scan is complete
     * @param typed the command-line order that it belongs to; empty for a command in the chat
     */
    record Obey(
            String key,
            CommandLine line,
            TapePosition boundary,
            String workingDirectory,
            boolean waits,
            Optional<CommandLineOrder> typed)
            implements RecorderStep {}
}
