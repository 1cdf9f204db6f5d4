package dev.kept.command;

import java.util.List;
import java.util.stream.Stream;

/**
 * The command lines of one message, in order. A message of nothing but commands has them all in the first block.
 *
 * @param first those before the message's text: they are carried out at the boundary before it
 * @param last those after it: they are carried out at the boundary after it
 */
public record ParsedMessage(List<CommandLine> first, List<CommandLine> last) {
    /** The most commands that a message may have. */
    public static final int MAX_COMMANDS = 32;

    /** A message that orders nothing. */
    public static final ParsedMessage NOTHING = new ParsedMessage(List.of(), List.of());

    public ParsedMessage {
        first = List.copyOf(first);
        last = List.copyOf(last);
    }

    /** Both blocks, in order. */
    public List<CommandLine> all() {
        return Stream.concat(first.stream(), last.stream()).toList();
    }

    /** Reports whether there are more than {@value #MAX_COMMANDS}; then not all of them are here. */
    public boolean hasTooMany() {
        return first.size() + last.size() > MAX_COMMANDS;
    }

    public boolean isEmpty() {
        return first.isEmpty() && last.isEmpty();
    }
}
