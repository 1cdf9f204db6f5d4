package dev.kept.command;

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
     * @param text the line as it was typed, without the blanks around it
     * @param message what is wrong with it and how to write it, one sentence or two
     */
    record NearMiss(int line, String text, String message) implements CommandLine {
        public NearMiss {
            Objects.requireNonNull(text, "text");
            Objects.requireNonNull(message, "message");
        }
    }
}
