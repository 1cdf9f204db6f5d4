package dev.kept.recording;

import dev.kept.command.CommandLine;
import dev.kept.model.ConversationEvent;
import dev.kept.model.TapePosition;
import dev.kept.recording.command.CommandLineOrder;
import java.util.Optional;

/** What a session's recorder does next; steps are carried out in their order. */
sealed interface RecorderStep {

    record Deliver(ConversationEvent event) implements RecorderStep {}

    /** Events that were not held: the next place after them. */
    record Missed(TapePosition next) implements RecorderStep {}

    /** The conversation goes on in another source, from that place of it on. */
    record Move(String sourceId, TapePosition from) implements RecorderStep {}

    /**
     * A command at its boundary: it acts before the event at that place.
     *
     * @param waits whether it means something only when all sources that were there at the start were read
     * @param typed the order that it is part of, where it does not stand in the chat
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
