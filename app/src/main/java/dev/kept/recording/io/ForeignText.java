package dev.kept.recording.io;

import dev.kept.command.MarkdownScanner;
import dev.kept.recording.destination.OpenDestination;
import dev.kept.recording.writer.RecordingFormat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Separators between the end of a file and appended text, so that ours does not become part of what is there: a line
 * end, and the end of a fence that somebody left open.
 */
final class ForeignText {
    /** Largest file that is searched for open fences; larger ones that Kept did not write are rare. */
    private static final int MOST_BYTES = 4 * 1024 * 1024;

    private ForeignText() {}

    /**
     * Returns the text to begin with; mostly empty.
     *
     * @param first whether a recording begins with this chunk; only then is the file read for open fences
     */
    static String separator(OpenDestination file, boolean first) throws IOException {
        if (file.size() == 0) {
            return "";
        }
        String lineEnd = endsALine(file) ? "" : "\n";
        return first && isMarkdown(file) && file.size() <= MOST_BYTES ? lineEnd + closingFence(file) : lineEnd;
    }

    /** Returns the text that ends whatever a cut note left open: a line, a fence, or Kept's own collapsed sections. */
    static String closing(OpenDestination file) throws IOException {
        String separator = separator(file, true);
        if (file.size() == 0 || file.size() > MOST_BYTES || !isMarkdown(file)) {
            return separator;
        }
        MarkdownScanner scanner = new MarkdownScanner();
        int open = 0;
        for (String line : (Iterable<String>) text(file).lines()::iterator) {
            boolean text = scanner.next(line) == MarkdownScanner.Line.TEXT;
            if (text && line.startsWith("<details")) {
                open++;
            } else if (text && line.equals("</details>")) {
                open = Math.max(0, open - 1);
            }
        }
        return separator + "\n</details>\n".repeat(open);
    }

    private static boolean isMarkdown(OpenDestination file) {
        return RecordingFormat.of(file.path())
                .filter(RecordingFormat.MARKDOWN::equals)
                .isPresent();
    }

    private static boolean endsALine(OpenDestination file) throws IOException {
        ByteBuffer last = ByteBuffer.allocate(1);
        return file.reader().read(last, file.size() - 1) != 1 || last.get(0) == '\n';
    }

    private static String closingFence(OpenDestination file) throws IOException {
        MarkdownScanner scanner = new MarkdownScanner();
        text(file).lines().forEach(scanner::next);
        return scanner.closingFence().map(fence -> fence + "\n").orElse("");
    }

    private static String text(OpenDestination file) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate((int) file.size());
        while (bytes.hasRemaining() && file.reader().read(bytes, bytes.position()) > 0) {
            // Until all is read, or the file ends.
        }
        return new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8);
    }
}
