package dev.kept.command;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A scanner that follows the block structure of a Markdown text line by line, to find code, quotes, and the fence that
 * is open.
 *
 * <p>It follows CommonMark 0.31 for list items, block quotes, fences, indented code, headings and lazy continuation. It
 * treats HTML blocks, and link reference definitions over several lines, as text. Not thread-safe; holds nothing of the
 * text.
 */
public final class MarkdownScanner {
    /** The kind of a line. */
    public enum Line {
        BLANK,
        /** Part of a fenced code block: its first line, its content, its last line. */
        FENCE,
        /** Indented code. */
        CODE,
        /** Marked as a quote, with {@code >}; a line that only continues a quote's paragraph is text. */
        QUOTE,
        TEXT
    }

    /**
     * A heading mark on a line, for that line or the paragraph before it.
     *
     * @param at the index of the mark in the line, after the marks of quotes and list items
     * @param underline whether the mark is the line below a heading; if the paragraph has only definitions, it may not
     *     be one
     */
    public record Heading(int at, boolean underline) {}

    private static final Pattern DEFINITION =
            Pattern.compile("\\[[^\\[\\]]+]:[ \\t]*\\S+([ \\t]+(\"[^\"]*\"|'[^']*'|\\([^()]*\\)))?[ \\t]*");

    private static final int CODE_INDENT = 4;
    private static final int TAB_STOP = 4;
    private static final int MAX_ORDINAL_DIGITS = 9;

    /** The maximum depth of quotes and list items; deeper marks are text of the innermost one. */
    private static final int DEEPEST = 64;

    /** Columns at which the content of the open list items starts, outermost first. */
    private final List<Integer> items = new ArrayList<>();

    private @Nullable MarkdownScanner quote;
    private boolean paragraph;

    /** True as long as the paragraph consists of link reference definitions, which cannot become a heading. */
    private boolean definitions;

    private boolean itemBeganEmpty;
    private @Nullable Fence fence;
    private @Nullable Heading heading;

    /** The index of the info string of the fence that the last line opened; -1 if it opened none. */
    private int fenceInfo = -1;

    /** An open fence: its column, and the column at which the content of the surrounding list item starts. */
    private record Fence(char mark, int length, int column, int base) {}

    private final int depth;

    /** Creates a scanner before the first line of a text. */
    public MarkdownScanner() {
        this(0);
    }

    private MarkdownScanner(int depth) {
        this.depth = depth;
    }

    /** Scans the next line, given without its line end. */
    public Line next(String line) {
        heading = null;
        fenceInfo = -1;
        Cursor cursor = new Cursor(line, 0, 0);
        cursor.skipBlanks();
        if (cursor.atEnd()) {
            return blank();
        }
        itemBeganEmpty = false;
        Fence open = fence;
        if (open != null) {
            if (cursor.column >= open.base) {
                if (closes(open, cursor)) {
                    fence = null;
                }
                return Line.FENCE;
            }
            fence = null;
        }
        return block(cursor);
    }

    /** Returns the heading mark on the last scanned line, in whatever quote or list item; empty if there is none. */
    public Optional<Heading> heading() {
        return Optional.ofNullable(heading);
    }

    /** Returns the index of the info string in the last scanned line, if it opened a fence, in whatever quote. */
    public OptionalInt fenceInfo() {
        return fenceInfo < 0 ? OptionalInt.empty() : OptionalInt.of(fenceInfo);
    }

    /** Returns the line that closes the open fence, if one is open outside quotes. */
    public Optional<String> closingFence() {
        Fence open = fence;
        return open == null
                ? Optional.empty()
                : Optional.of(
                        " ".repeat(open.column) + String.valueOf(open.mark).repeat(open.length));
    }

    private Line blank() {
        if (fence != null) {
            return Line.FENCE;
        }
        paragraph = false;
        quote = null;
        if (itemBeganEmpty) {
            itemBeganEmpty = false;
            items.removeLast();
        }
        return Line.BLANK;
    }

    private boolean lazy() {
        MarkdownScanner inner = quote;
        return paragraph || (inner != null && inner.lazy());
    }

    private Line block(Cursor cursor) {
        int matched = 0;
        while (matched < items.size() && items.get(matched) <= cursor.column) {
            matched++;
        }
        boolean inParagraph = paragraph && matched == items.size();
        int base = matched == 0 ? 0 : items.get(matched - 1);
        boolean opened = false;
        while (cursor.column - base < CODE_INDENT) {
            char c = cursor.peek();
            if (c == '>' && depth < DEEPEST) {
                MarkdownScanner inner = matched < items.size() ? null : quote;
                close(matched);
                return quoted(cursor, inner == null ? new MarkdownScanner(depth + 1) : inner);
            }
            Optional<Fence> fenced = opening(cursor, base);
            if (fenced.isPresent()) {
                close(matched);
                fence = fenced.get();
                fenceInfo = cursor.position + cursor.run(cursor.peek());
                return Line.FENCE;
            }
            if (inParagraph && cursor.isSetextUnderline()) {
                heading = new Heading(cursor.position, true);
                if (!definitions) {
                    paragraph = false;
                    return Line.TEXT;
                }
            }
            if (cursor.isHeading()) {
                heading = new Heading(cursor.position, false);
            }
            if (cursor.isHeading() || cursor.isThematicBreak()) {
                close(matched);
                return Line.TEXT;
            }
            int content = items.size() < DEEPEST ? cursor.listItem(inParagraph) : -1;
            if (content < 0) {
                break;
            }
            close(matched);
            items.add(content);
            opened = true;
            matched = items.size();
            base = content;
            inParagraph = false;
            if (cursor.atEnd()) {
                itemBeganEmpty = true;
                return Line.TEXT;
            }
        }
        boolean definition = DEFINITION.matcher(cursor.rest()).matches();
        if (!opened && lazy()) {
            // The continued paragraph may be a quote's.
            for (MarkdownScanner each = this; each != null; each = each.quote) {
                each.definitions &= definition;
            }
            return Line.TEXT;
        }
        boolean code = cursor.column - base >= CODE_INDENT;
        close(matched);
        paragraph = !code;
        definitions = definition;
        return code && !opened ? Line.CODE : Line.TEXT;
    }

    private Line quoted(Cursor cursor, MarkdownScanner inner) {
        quote = inner;
        String content = cursor.afterQuoteMark();
        Line line = inner.next(content);
        // Both have the same end, but quoted content may begin with blanks instead of a tab.
        int moved = cursor.line.length() - content.length();
        heading = inner.heading()
                .map(found -> new Heading(found.at() + moved, found.underline()))
                .orElse(null);
        fenceInfo = inner.fenceInfo < 0 ? -1 : inner.fenceInfo + moved;
        return line == Line.FENCE ? Line.FENCE : Line.QUOTE;
    }

    /** Closes the blocks inside the outermost items, and all items from index {@code remaining} on. */
    private void close(int remaining) {
        paragraph = false;
        quote = null;
        items.subList(remaining, items.size()).clear();
    }

    private Optional<Fence> opening(Cursor cursor, int base) {
        char mark = cursor.peek();
        int length = cursor.run(mark);
        boolean opens = (mark == '~' && length >= 3)
                || (mark == '`' && length >= 3 && cursor.line.indexOf('`', cursor.position + length) < 0);
        return opens ? Optional.of(new Fence(mark, length, cursor.column, base)) : Optional.empty();
    }

    private static boolean closes(Fence open, Cursor cursor) {
        int length = cursor.run(open.mark);
        return cursor.column - open.base < CODE_INDENT
                && length >= open.length
                && cursor.line.substring(cursor.position + length).isBlank();
    }

    /** A position in a line, with its column according to tab stops. */
    private static final class Cursor {
        private final String line;
        private int position;
        private int column;

        Cursor(String line, int position, int column) {
            this.line = line;
            this.position = position;
            this.column = column;
        }

        boolean atEnd() {
            return position == line.length();
        }

        String rest() {
            return line.substring(position);
        }

        char peek() {
            return line.charAt(position);
        }

        void skipBlanks() {
            while (!atEnd() && (peek() == ' ' || peek() == '\t')) {
                step();
            }
        }

        private void step() {
            column += peek() == '\t' ? TAB_STOP - column % TAB_STOP : 1;
            position++;
        }

        int run(char mark) {
            int end = position;
            while (end < line.length() && line.charAt(end) == mark) {
                end++;
            }
            return end - position;
        }

        boolean isHeading() {
            int marks = run('#');
            int end = position + marks;
            return marks >= 1 && marks <= 6 && (end == line.length() || isBlank(line.charAt(end)));
        }

        boolean isSetextUnderline() {
            char mark = peek();
            return (mark == '=' || mark == '-')
                    && line.substring(position + run(mark)).isBlank();
        }

        boolean isThematicBreak() {
            char mark = peek();
            if (mark != '*' && mark != '-' && mark != '_') {
                return false;
            }
            int marks = 0;
            for (int i = position; i < line.length(); i++) {
                char c = line.charAt(i);
                if (c == mark) {
                    marks++;
                } else if (!isBlank(c)) {
                    return false;
                }
            }
            return marks >= 3;
        }

        /** Skips a list item's marker and returns the column of the item's content; -1 if no item starts here. */
        int listItem(boolean interruptsParagraph) {
            int end = markerEnd(interruptsParagraph);
            if (end < 0 || (end < line.length() && !isBlank(line.charAt(end)))) {
                return -1;
            }
            boolean empty = line.substring(end).isBlank();
            if (empty && interruptsParagraph) {
                return -1;
            }
            column += end - position;
            position = end;
            int markerColumn = column;
            skipBlanks();
            return empty || column - markerColumn > CODE_INDENT ? markerColumn + 1 : column;
        }

        private int markerEnd(boolean interruptsParagraph) {
            char mark = peek();
            if (mark == '-' || mark == '+' || mark == '*') {
                return position + 1;
            }
            int end = position;
            while (end < line.length() && Character.digit(line.charAt(end), 10) >= 0 && line.charAt(end) <= '9') {
                end++;
            }
            int digits = end - position;
            if (digits == 0 || digits > MAX_ORDINAL_DIGITS || end == line.length()) {
                return -1;
            }
            if (interruptsParagraph && Integer.parseInt(line, position, end, 10) != 1) {
                return -1;
            }
            return line.charAt(end) == '.' || line.charAt(end) == ')' ? end + 1 : -1;
        }

        /** Returns the quoted content. Columns are counted from after the mark and one blank. */
        String afterQuoteMark() {
            step();
            int contentColumn = column + (!atEnd() && isBlank(peek()) ? 1 : 0);
            skipBlanks();
            return " ".repeat(Math.max(0, column - contentColumn)) + line.substring(position);
        }

        private static boolean isBlank(char c) {
            return c == ' ' || c == '\t';
        }
    }
}
