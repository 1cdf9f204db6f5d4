package dev.kept.archive;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** Replaces JSON strings that are the id and nothing else: a text that mentions it stays as it was said. */
final class IdReplacer extends FilterOutputStream {
    private final byte[] before;
    private final byte[] after;
    private int matched;

    IdReplacer(OutputStream out, String before, String after) {
        super(out);
        this.before = ("\"" + before + "\"").getBytes(StandardCharsets.UTF_8);
        this.after = ("\"" + after + "\"").getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int count) throws IOException {
        int end = from + count;
        int written = from;
        for (int i = from; i < end; i++) {
            byte b = bytes[i];
            if (b == before[matched]) {
                if (matched == 0) {
                    out.write(bytes, written, i - written);
                }
                matched++;
                written = i + 1;
                if (matched == before.length) {
                    out.write(after);
                    matched = 0;
                }
            } else if (matched > 0) {
                // An id has no quote inside: what was held back can only begin again at this byte.
                out.write(before, 0, matched);
                matched = 0;
                written = i;
                if (b == before[0]) {
                    matched = 1;
                    written = i + 1;
                }
            }
        }
        out.write(bytes, written, end - written);
    }

    /** Writes what was held back, because it may have been the beginning of the id. */
    void finish() throws IOException {
        out.write(before, 0, matched);
        matched = 0;
    }
}
