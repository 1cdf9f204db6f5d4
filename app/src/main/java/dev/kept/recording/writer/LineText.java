package dev.kept.recording.writer;

import dev.kept.config.RecordingSettings.RemoteImages;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Writer of the lines of a message's paragraphs, one after another, such that no viewer obeys HTML in them, fetches
 * anything for them, or makes a link of them that leads elsewhere than to the web, a mailbox or a place below the
 * note's folder.
 *
 * <p>Far lines may decide what a bracket belongs to. So a link is never recognized as a whole: {@code ](} and, where a
 * definition is possible, {@code ]:} stay only before a destination that is clearly harmless on the same line, and
 * {@code ![} only before an image that is complete. Everything else gets a backslash, which shows what was written.
 * Code spans that begin and end on a line stay as they are; where other lines decide, nothing is treated as a code
 * span. Not thread-safe.
 */
final class LineText {
    /** {@code <https://…>}: the only use of {@code <} that is not HTML. */
    private static final Pattern AUTOLINK =
            Pattern.compile("<(?:https?://|mailto:)[^\\s<>`]*>", Pattern.CASE_INSENSITIVE);

    private static final Pattern ADDRESS = Pattern.compile("<?(?:https?://|mailto:)", Pattern.CASE_INSENSITIVE);

    /** A self-contained image: no definition elsewhere can change what it shows. */
    private static final Pattern IMAGE = Pattern.compile("!\\[([^\\[\\]\\\\`<&!]*)]\\([ \\t]*");

    /** Characters of the delimiter row of a table, in any quote or list item. */
    private static final String TABLE = " \t|:->*+.)0123456789";

    /** Characters other than letters and digits that may occur in a local link destination. */
    private static final String IN_PLACES = "#._~@*+,;=!$'/?-";

    private static final Pattern BEFORE_DEFINITION = Pattern.compile("[ \\t>*+.)0-9-]*\\[");

    /** Commands in formulas that link, load, or turn a name into a command. */
    private static final Pattern FORMULA = Pattern.compile(
            "\\\\(?:href|url|includegraphics|html\\w*|require|style|class|cssId|csname|data|unicode)\\b");

    /** Name of an image without a description. */
    private static final String NAMELESS = "image";

    private enum Destination {
        ADDRESS,
        PLACE,
        OTHER
    }

    private final RemoteImages images;
    private final StringBuilder out;

    /** True if a run of back quotes earlier in the paragraph has no partner on its line. */
    private boolean openSpan;

    private boolean definitions;
    private boolean table;
    private String line = "";
    private int at;

    LineText(RemoteImages images, StringBuilder out) {
        this.images = images;
        this.out = out;
    }

    /** Ends the paragraph. */
    void ends() {
        openSpan = false;
        definitions = false;
        table = false;
    }

    /**
     * Appends the next line of the paragraph.
     *
     * @param following the line below it
     */
    void append(String text, String following) {
        line = text;
        at = 0;
        definitions |= BEFORE_DEFINITION.matcher(line).lookingAt();
        table |= mayBelongToTable(following) || mayBelongToTable(line);
        // In a table a code span ends at the end of its cell.
        boolean known = !openSpan && !(table && line.indexOf('|') >= 0);
        while (at < line.length()) {
            step(known);
        }
    }

    private static boolean mayBelongToTable(String line) {
        return line.indexOf('-') >= 0 && line.chars().allMatch(c -> TABLE.indexOf(c) >= 0);
    }

    private void step(boolean known) {
        char c = line.charAt(at);
        switch (c) {
            case '\\' -> escape();
            case '`' -> code(known);
            case '<' -> angle();
            case '!' -> image();
            case ']' -> bracket();
            case '%' -> {
                // Obsidian hides everything after it.
                boolean two = line.startsWith("%%", at);
                put(two ? "\\%\\%" : "%", two ? 2 : 1);
            }
            default -> put(c);
        }
    }

    private void put(char c) {
        out.append(c);
        at++;
    }

    private void put(String text, int length) {
        out.append(text);
        at += length;
    }

    private void escape() {
        if (matches(FORMULA)) {
            put("\\\\", 1);
        } else if (at + 1 < line.length()) {
            put(line.substring(at, at + 2), 2);
        } else {
            put('\\');
        }
    }

    private void code(boolean known) {
        int length = MarkdownText.run(line, at, '`');
        int end = known ? closingRun(at + length, length) : -1;
        openSpan |= end < 0;
        String span = line.substring(at, end < 0 ? at + length : end);
        // Viewers find definitions before code spans.
        put(definitions ? span.replace("]:", "]\\:") : span, span.length());
    }

    private int closingRun(int from, int length) {
        int i = from;
        while (i < line.length()) {
            int found = MarkdownText.run(line, i, '`');
            i += Math.max(1, found);
            if (found == length) {
                return i;
            }
        }
        return -1;
    }

    private void angle() {
        boolean html = at + 1 < line.length() && beginsHtml(line.charAt(at + 1));
        Matcher autolink = AUTOLINK.matcher(line).region(at, line.length());
        if (html && autolink.lookingAt()) {
            put(autolink.group(), autolink.end() - at);
        } else {
            put(html ? "\\<" : "<", 1);
        }
    }

    private static boolean beginsHtml(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '/' || c == '!' || c == '?';
    }

    private void image() {
        if (!line.startsWith("![", at)) {
            put('!');
            return;
        }
        Matcher image = IMAGE.matcher(line).region(at, line.length());
        boolean whole = image.lookingAt();
        Destination destination = whole ? destination(image.end()) : Destination.OTHER;
        boolean keep = images == RemoteImages.KEEP || (destination == Destination.PLACE && endsAfter(image.end()));
        if (keep) {
            put("![", 2);
        } else if (destination == Destination.ADDRESS && (out.isEmpty() || out.charAt(out.length() - 1) != '!')) {
            put(image.group(1).isBlank() ? "[" + NAMELESS : "[", 2);
        } else {
            put("\\![", 2);
        }
    }

    /** Reports whether a closing parenthesis follows the destination that begins at an index. */
    private boolean endsAfter(int index) {
        int end = endOfPlace(index);
        return end >= 0 && end < line.length() && line.charAt(end) == ')';
    }

    private void bracket() {
        char next = at + 1 < line.length() ? line.charAt(at + 1) : ' ';
        boolean link = next == '(' || (next == ':' && definitions);
        if (link && destination(at + 2) == Destination.OTHER) {
            put("]\\" + next, 2);
        } else {
            put(']');
        }
    }

    /** Returns the kind of the destination that begins at an index, after blanks. */
    private Destination destination(int index) {
        int start = index;
        while (start < line.length() && (line.charAt(start) == ' ' || line.charAt(start) == '\t')) {
            start++;
        }
        if (ADDRESS.matcher(line).region(start, line.length()).lookingAt()) {
            return Destination.ADDRESS;
        }
        int end = start < line.length() ? endOfPlace(start) : -1;
        boolean place = end >= 0 && (end == line.length() || " \t)".indexOf(line.charAt(end)) >= 0);
        return place ? Destination.PLACE : Destination.OTHER;
    }

    /**
     * Returns the end of a destination below the note's folder, or in the note; -1 if there is none at that index.
     * Without a colon, or anything that could become one, it has no scheme. A slash at the beginning could lead to
     * another machine, or anywhere on this one, and so could two dots.
     */
    private int endOfPlace(int index) {
        int i = index;
        while (i < line.length()) {
            char c = line.charAt(i);
            boolean blank = line.startsWith("%20", i);
            if (!blank && !Character.isLetterOrDigit(c) && IN_PLACES.indexOf(c) < 0) {
                break;
            }
            i += blank ? 3 : 1;
        }
        String place = line.substring(index, i);
        return place.startsWith("/") || place.contains("..") ? -1 : i;
    }

    private boolean matches(Pattern pattern) {
        return pattern.matcher(line).region(at, line.length()).lookingAt();
    }
}
