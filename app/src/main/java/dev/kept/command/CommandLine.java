package dev.kept.command;

import dev.kept.model.BoundedText;
import java.util.Objects;

/** One line of a command block. {@code line} counts the message's lines from 0. */
public sealed interface CommandLine {

    int line();

    /** A line that gives an order. */
    record Order(int line, InChatCommand command) implements CommandLine {
        public Order {
            Objects.requireNonNull(command, "command");
        }
    }

    /**
     * A line that looks like an order and is none: reported, never guessed.
     *
     * @param text the line as it was typed, without the blanks around it; shortened if it is long
     * @param message what is wrong with it and how to write it, one sentence or two
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
