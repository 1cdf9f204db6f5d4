package dev.kept.recording.writer;

import java.nio.charset.StandardCharsets;

/** Whatever a message says, the note around it stays what it is. */
public final class MarkdownFuzz {
    private static final int MOST = 4096;

    private MarkdownFuzz() {}

    public static void fuzzerTestOneInput(byte[] data) {
        MarkdownStructureTest.assertSurvives(
                new String(data, 0, Math.min(data.length, MOST), StandardCharsets.UTF_8));
    }
}
