package dev.kept.command;

import java.util.Objects;
import java.util.Optional;

/**
 * An order that a person typed in a chat.
 *
 * <p>Paths are without the quotes, the {@code @} or the Markdown link with which they were typed; not resolved yet, and
 * never empty.
 */
public sealed interface InChatCommand {

    /** Returns the word after {@code ::}. */
    default String verb() {
        return switch (this) {
            case Initialize _ -> "init";
            case StartRecording _ -> "record";
            case Capture _ -> "capture";
            case Export _ -> "export";
            case Stop _ -> "stop";
        };
    }

    /** Sets or creates the primary destination, without recording. */
    record Initialize(Optional<String> path) implements InChatCommand {
        public Initialize {
            Objects.requireNonNull(path, "path");
        }
    }

    /** Starts recording to the primary destination. */
    record StartRecording() implements InChatCommand {}

    /** Writes the conversation so far, then starts recording. */
    record Capture(Optional<String> path) implements InChatCommand {
        public Capture {
            Objects.requireNonNull(path, "path");
        }
    }

    /** Writes the conversation so far, once. */
    record Export(String path) implements InChatCommand {
        public Export {
            Objects.requireNonNull(path, "path");
        }
    }

    /** Stops recording. */
    record Stop() implements InChatCommand {}
}
