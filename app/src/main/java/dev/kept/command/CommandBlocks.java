package dev.kept.command;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The first and the last command block of a message, collected line by line. Holds one line and at most {@link
 * ParsedMessage#MAX_COMMANDS} + 1 commands of each block, whatever the length of the message. Not thread-safe.
 */
final class CommandBlocks {
    private static final int MOST = ParsedMessage.MAX_COMMANDS + 1;

    private final MarkdownScanner scanner = new MarkdownScanner();
    private final List<CommandLine> first = new ArrayList<>();
    private final Deque<CommandLine> last = new ArrayDeque<>();
    private boolean inFirst = true;
    private int at;
    private @Nullable Pending pending;

    /** A line that is not blank, and may be the last one of the message. */
    private record Pending(int at, String line, MarkdownScanner.Line kind) {}

    /** Accepts the next line. */
    void next(String line) {
        MarkdownScanner.Line kind = scanner.next(line);
        if (kind != MarkdownScanner.Line.BLANK) {
            settle(false);
            pending = new Pending(at, line, kind);
        }
        at++;
    }

    /** Returns the blocks after the last line. */
    ParsedMessage end() {
        settle(true);
        return new ParsedMessage(first, List.copyOf(last));
    }

    private void settle(boolean isLast) {
        Pending line = pending;
        if (line == null) {
            return;
        }
        Optional<CommandLine> command = CommandGrammar.command(line.at(), line.line(), line.kind(), isLast);
        if (command.isEmpty()) {
            inFirst = false;
            last.clear();
        } else if (!inFirst) {
            last.addLast(command.get());
            if (last.size() > MOST) {
                last.removeFirst();
            }
        } else if (first.size() < MOST) {
            first.add(command.get());
        }
    }
}
