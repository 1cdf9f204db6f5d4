package dev.kept.command;

import java.util.Objects;
import java.util.Optional;

/**
 * An order that a person typed in a chat.
 *
 * <p>Paths are as they were meant: without the quotes, the {@code @} or the Markdown link that they were written with,
 * not yet resolved, never empty.
 */
public sealed interface InChatCommand {

    /** The word after {@code ::}. */
    default String verb() {
        return switch (this) {
            case Initialize _ -> "init";
            case StartRecording _ -> "record";
            case Capture _ -> "capture";
            case Export _ -> "export";
            case Stop _ -> "stop";
        };
    }

    /** Set or make the primary destination; do not record. */
    record Initialize(Optional<String> path) implements InChatCommand {
        public Initialize {
            Objects.requireNonNull(path, "path");
        }
    }

    /** Record from here on to the primary destination. */
    record StartRecording() implements InChatCommand {}

    /** Write the conversation so far, then record from here on. */
    record Capture(Optional<String> path) implements InChatCommand {
        public Capture {
            Objects.requireNonNull(path, "path");
        }
    }

    /** Write the conversation so far, once. */
    record Export(String path) implements InChatCommand {
        public Export {
            Objects.requireNonNull(path, "path");
        }
    }

    /** Stop recording. */
    record Stop() implements InChatCommand {}
}
