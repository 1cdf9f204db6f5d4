package dev.kept.recording.writer;

import java.nio.charset.StandardCharsets;

/** Whatever a message says, the note around it stays what it is, and none of its headings is one of a turn. */
public final class MarkdownFuzz {
    private static final int MOST = 4096;

    private MarkdownFuzz() {}

    public static void fuzzerTestOneInput(byte[] data) {
        String message = new String(data, 0, Math.min(data.length, MOST), StandardCharsets.UTF_8);
        MarkdownStructureTest.assertSurvives(message);
    }
}
