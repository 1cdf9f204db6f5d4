package dev.kept.recording.writer;

import dev.kept.command.MarkdownScanner;
import dev.kept.config.RecordingSettings.RemoteImages;
import java.util.List;
import java.util.Optional;

/** Escapes for text in a note, one for each place where text occurs, so that it cannot change the note around it. */
final class MarkdownText {
    /** Number of levels by which a message's headings are lowered, to be below the heading of their turn. */
    private static final int DEEPER = 2;

    private static final int DEEPEST = 6;
    private static final int SHORTEST_RULE = 3;
    private static final int SHORTEST_FENCE = 3;
    private static final int TAB_STOP = 4;

    private MarkdownText() {}

    /**
     * Returns a message as Markdown. It stays as written, except that HTML is shown instead of obeyed, remote images
     * are links, links lead only to the web ({@link LineText}), no fence is executed, an open fence is closed, and no
     * heading is as high as that of a turn. Without blank lines at its ends; ends with a line end unless empty.
     */
    static String message(String text, RemoteImages images) {
        MarkdownScanner scanner = new MarkdownScanner();
        StringBuilder out = new StringBuilder(text.length() + 64);
        LineText paragraph = new LineText(images, out);
        List<String> lines =
                withoutBlankEnds(TextEscapes.harmless(text)).lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            switch (scanner.next(line)) {
                case FENCE -> {
                    paragraph.ends();
                    int name = scanner.fenceInfo().orElse(line.length());
                    out.append(line, 0, name).append(ExecutedFences.neutral(line.substring(name)));
                }
                case BLANK -> {
                    paragraph.ends();
                    out.append(line);
                }
                case CODE, QUOTE, TEXT ->
                    paragraph.append(
                            scanner.heading()
                                    .map(at -> lowered(line, at, scanner))
                                    .orElse(line),
                            i + 1 < lines.size() ? lines.get(i + 1) : "");
            }
            out.append('\n');
        }
        Optional<String> fence = scanner.closingFence();
        fence.ifPresent(closing -> out.append(closing).append('\n'));
        return out.toString();
    }

    /**
     * Returns a line that is no longer the heading of a turn: two marks are added; a rule below a paragraph, which
     * would make it a heading, gets a blank line before it; other underlines of headings are shown.
     */
    private static String lowered(String line, MarkdownScanner.Heading heading, MarkdownScanner scanner) {
        String before = line.substring(0, heading.at());
        String mark = line.substring(heading.at());
        if (!heading.underline()) {
            int level = run(mark, 0, '#');
            return before + "#".repeat(Math.min(level + DEEPER, DEEPEST)) + mark.substring(level);
        }
        if (run(mark, 0, '-') >= SHORTEST_RULE) {
            return before.stripTrailing() + "\n" + line;
        }
        String shown = before + "\\" + mark;
        // The paragraph continues.
        scanner.next(shown);
        return shown;
    }

    private static String withoutBlankEnds(String text) {
        int start = 0;
        for (int i = 0; i < text.length() && Character.isWhitespace(text.charAt(i)); i++) {
            if (text.charAt(i) == '\n') {
                start = i + 1;
            }
        }
        return start >= text.length() ? "" : text.substring(start).stripTrailing();
    }

    private static int run(String line, int from) {
        return run(line, from, '`');
    }

    static int run(String line, int from, char mark) {
        int end = from;
        while (end < line.length() && line.charAt(end) == mark) {
            end++;
        }
        return end - from;
    }

    /** Returns text as a fenced block, with a fence longer than any in it. */
    static String fenced(String text, String language) {
        String content = TextEscapes.harmless(text);
        int longest = SHORTEST_FENCE - 1;
        for (int i = 0; i < content.length(); ) {
            int length = run(content, i);
            longest = Math.max(longest, length);
            i += Math.max(1, length);
        }
        String fence = "`".repeat(longest + 1);
        return fence + ExecutedFences.neutral(language) + "\n" + content
                + (content.endsWith("\n") || content.isEmpty() ? "" : "\n") + fence + "\n";
    }

    /** Returns text as a block quote, after a first line of ours. */
    static String quoted(String firstLine, String text, RemoteImages images) {
        StringBuilder out = new StringBuilder("> ").append(firstLine).append('\n');
        String body = message(text, images);
        if (!body.isEmpty()) {
            out.append(">\n");
            body.lines()
                    .forEach(line -> out.append(line.isEmpty() ? ">" : "> ")
                            .append(withoutLeadingTabs(line))
                            .append('\n'));
        }
        return out.toString();
    }

    /**
     * Returns a line with blanks instead of leading tabs, where they may have a meaning. The width of a tab depends on
     * its column, which changes when text is moved.
     */
    private static String withoutLeadingTabs(String line) {
        if (line.indexOf('\t') < 0) {
            return line;
        }
        StringBuilder out = new StringBuilder(line.length() + 16);
        int i = 0;
        while (i < line.length() && " \t>-+*.)0123456789".indexOf(line.charAt(i)) >= 0) {
            if (line.charAt(i) == '\t') {
                out.repeat(' ', TAB_STOP - out.length() % TAB_STOP);
            } else {
                out.append(line.charAt(i));
            }
            i++;
        }
        return out.append(line, i, line.length()).toString();
    }

    /** Returns one line of text for use within ours: all mark-up in it is escaped. */
    static String inline(String text) {
        StringBuilder out = new StringBuilder();
        String line = TextEscapes.oneLine(text, 200);
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if ("\\`*_[]<>#&~|!$".indexOf(c) >= 0) {
                out.append('\\');
            }
            out.append(c);
        }
        return out.toString();
    }

    /** Returns one line of text as a code span. */
    static String code(String text, int characters) {
        String line = TextEscapes.oneLine(text, characters);
        int longest = 0;
        for (int i = 0; i < line.length(); ) {
            int length = run(line, i);
            longest = Math.max(longest, length);
            i += Math.max(1, length);
        }
        String marks = "`".repeat(longest + 1);
        return longest == 0 ? marks + line + marks : marks + " " + line + " " + marks;
    }

    /** Returns one line of text for use within HTML of ours. */
    static String html(String line) {
        return line.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    /**
     * Returns a text as a YAML string, on one line. A viewer that does not know front matter takes it for text, so it
     * contains no HTML, link or image as Markdown writes them.
     */
    static String yaml(String text) {
        StringBuilder out = new StringBuilder("\"");
        String line = TextEscapes.oneLine(text, 200);
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            char next = i + 1 < line.length() ? line.charAt(i + 1) : ' ';
            if ((c == ']' && next == '(') || (c == '!' && next == '[') || (c == '<' && next != ' ')) {
                out.append(String.format("\\x%02X", (int) c));
                continue;
            }
            if (c == '"' || c == '\\') {
                out.append('\\');
            }
            out.append(c);
        }
        return out.append('"').toString();
    }

    /** Returns a relative path as the target of a link. */
    static String linkTarget(String path) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            if (c <= ' ' || c == 0x7F || "()<>[]\\%?#\"'`*_&:".indexOf(c) >= 0) {
                out.append(String.format("%%%02X", (int) c));
            } else {
                out.append(c);
            }
        }
        return out.toString();
    }

    /**
     * Returns a collapsed section; with an empty body, the summary as a line of its own.
     *
     * @param summary HTML, on one line
     * @param body Markdown that ends with a line end; empty for a summary alone
     */
    static String collapsed(String summary, String body, boolean open) {
        String content = body.startsWith("\n") ? body.substring(1) : body;
        if (content.isEmpty()) {
            return "<p>" + summary + "</p>\n";
        }
        return "<details" + (open ? " open" : "") + ">\n<summary>" + summary + "</summary>\n\n" + content
                + "\n</details>\n";
    }
}
