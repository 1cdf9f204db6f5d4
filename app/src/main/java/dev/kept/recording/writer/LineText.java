package dev.kept.recording.writer;

import dev.kept.config.RecordingSettings.RemoteImages;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The lines of a message's paragraphs, one after another, so written that no viewer obeys HTML in them, fetches anything for
 * them, or makes a link of them that leads elsewhere than to the web, a mailbox or a place below the note's folder.
 *
 * <p>What a bracket belongs to may depend on lines far away. So a link is never recognized whole: {@code ](} and, where a
 * definition is possible, {@code ]:} stay only in front of a destination that is seen to be harmless on the same line, and
 * {@code ![} only in front of an image that is whole. Everything else gets a backslash, which shows what was written. Code
 * spans that begin and end on a line stay as they are; where it depends on other lines what is one, nothing is taken for one.
 * Not thread-safe.
 */
final class LineText {
    /** {@code <https://…>}: the one use of {@code <} that is no HTML. */
    private static final Pattern AUTOLINK =
            Pattern.compile("<(?:https?://|mailto:)[^\\s<>`]*>", Pattern.CASE_INSENSITIVE);

    private static final Pattern ADDRESS = Pattern.compile("<?(?:https?://|mailto:)", Pattern.CASE_INSENSITIVE);

    /** An image that is one by itself: no definition elsewhere can change what it shows. */
    private static final Pattern IMAGE = Pattern.compile("!\\[([^\\[\\]\\\\`<&!]*)]\\([ \\t]*");

    /** What the line of a table below its header is made of, in whatever quote or list item. */
    private static final String TABLE = " \t|:->*+.)0123456789";

    /** Of the characters of a place in a link those that are no letters and digits. */
    private static final String IN_PLACES = "#._~@*+,;=!$'/?-";

    private static final Pattern BEFORE_DEFINITION = Pattern.compile("[ \\t>*+.)0-9-]*\\[");

    /** Commands of formulas that link, load, or make a command of a name. */
    private static final Pattern FORMULA = Pattern.compile(
            "\\\\(?:href|url|includegraphics|html\\w*|require|style|class|cssId|csname|data|unicode)\\b");

    /** What an image is called that has no words of its own. */
    private static final String NAMELESS = "image";

    private enum Destination {
        ADDRESS,
        PLACE,
        OTHER
    }

    private final RemoteImages images;
    private final StringBuilder out;

    /** Whether a run of back quotes earlier in the paragraph found no partner on its line. */
    private boolean openSpan;

    private boolean definitions;
    private boolean table;
    private String line = "";
    private int at;

    LineText(RemoteImages images, StringBuilder out) {
        this.images = images;
        this.out = out;
    }

    /** The paragraph has ended. */
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
        // In a table a code span ends at the cell's end.
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
                // Obsidian hides all that follows.
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
        // Definitions are found before code spans are.
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

    /** Reports whether the link's parenthesis follows the place that begins at an index. */
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

    /** Returns what the destination is that begins at an index, after blanks. */
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
     * Returns where a place ends that lies below the note's folder, or in the note; -1 if there is none at that index.
     * Without a colon, and without what could become one, there is no scheme; a slash at the beginning would lead to another
     * machine, or anywhere on this one, and so would two dots.
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
