package dev.kept.command;

import dev.kept.model.BoundedText;
import java.util.Objects;

/** A line of a command block. {@code line} is its number in the message, counted from 0. */
public sealed interface CommandLine {

    int line();

    /** A line that gives an order. */
    record Order(int line, InChatCommand command) implements CommandLine {
        public Order {
            Objects.requireNonNull(command, "command");
        }
    }

    /**
     * A line that looks like an order and is not one; it is reported, never guessed.
     *
     * @param text the line as it was typed, without surrounding blanks; shortened if it is long
     * @param message the error and the correct form, in one or two sentences
     */
    record NearMiss(int line, String text, String message) implements CommandLine {
        private static final int MAX_TEXT = 256;
        private static final int MAX_MESSAGE = 1024;

        public NearMiss {
            text = BoundedText.shortened(text, MAX_TEXT);
            message = BoundedText.shortened(message, MAX_MESSAGE);
        }
    }
}
