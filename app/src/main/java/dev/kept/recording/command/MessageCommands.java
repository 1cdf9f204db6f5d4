package dev.kept.recording.command;

import dev.kept.command.CommandLine;
import java.util.List;

/** The commands of one message that may be carried out, with the keys by which they are remembered. */
public record MessageCommands(List<Keyed> first, List<Keyed> last) {
    public static final MessageCommands NONE = new MessageCommands(List.of(), List.of());

    /** A command line and its key. */
    public record Keyed(String key, CommandLine line) {}

    public MessageCommands {
        first = List.copyOf(first);
        last = List.copyOf(last);
    }

    int size() {
        return first.size() + last.size();
    }

    public boolean isEmpty() {
        return first.isEmpty() && last.isEmpty();
    }
}
