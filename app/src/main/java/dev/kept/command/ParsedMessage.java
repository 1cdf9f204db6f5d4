package dev.kept.command;

import java.util.List;
import java.util.stream.Stream;

/**
 * The command lines of a message, in order. If the message has only commands, all of them are in the first block.
 *
 * @param first the lines before the message's text; they are carried out at the boundary before the message
 * @param last the lines after the text; they are carried out at the boundary after the message
 */
public record ParsedMessage(List<CommandLine> first, List<CommandLine> last) {
    /** The maximum number of commands in a message. */
    public static final int MAX_COMMANDS = 32;

    /** A message without orders. */
    public static final ParsedMessage NOTHING = new ParsedMessage(List.of(), List.of());

    public ParsedMessage {
        first = List.copyOf(first);
        last = List.copyOf(last);
    }

    /** Returns the lines of both blocks, in order. */
    public List<CommandLine> all() {
        return Stream.concat(first.stream(), last.stream()).toList();
    }

    /** Reports whether the message has more than {@value #MAX_COMMANDS} commands; then not all of them are here. */
    public boolean hasTooMany() {
        return first.size() + last.size() > MAX_COMMANDS;
    }

    public boolean isEmpty() {
        return first.isEmpty() && last.isEmpty();
    }
}
