package dev.kept.recording.writer;

import java.nio.charset.StandardCharsets;

/**
 * Whatever a message says, the note around it stays what it is. Left out: a message that writes the heading of a turn
 * itself, which is a heading of the note as any other that it writes.
 */
public final class MarkdownFuzz {
    private static final int MOST = 4096;

    private MarkdownFuzz() {}

    public static void fuzzerTestOneInput(byte[] data) {
        String message = new String(data, 0, Math.min(data.length, MOST), StandardCharsets.UTF_8);
        MarkdownStructureTest.assertSurvives(message.replace("· 20", "· 2"));
    }
}
