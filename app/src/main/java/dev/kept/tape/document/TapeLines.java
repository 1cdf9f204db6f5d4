package dev.kept.tape.document;

import dev.kept.tape.TapeReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** The lines of a tape's newest generation that begin with a given text; the others are skipped without being held. */
final class TapeLines {
    private static final int BUFFER_BYTES = 64 * 1024;

    private final TapeReader tape;
    private final byte[] beginning;

    /** A receiver of lines. */
    interface Line {
        /**
         * Accepts the next line.
         *
         * @param text without its line end
         * @param end its end on the tape, including the line end
         */
        void accept(String text, long end) throws IOException;
    }

    TapeLines(TapeReader tape, String beginning) {
        this.tape = tape;
        this.beginning = beginning.getBytes(StandardCharsets.UTF_8);
    }

    void forEach(Line each) throws IOException {
        int generation = tape.manifest().newest().number();
        ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
        ByteArrayOutputStream held = new ByteArrayOutputStream();
        boolean wanted = true;
        long at = 0;
        while (tape.read(generation, at, buffer.clear()) > 0) {
            buffer.flip();
            while (buffer.hasRemaining()) {
                byte b = buffer.get();
                at++;
                if (b == '\n') {
                    if (wanted && held.size() >= beginning.length) {
                        each.accept(held.toString(StandardCharsets.UTF_8), at);
                    }
                    held.reset();
                    wanted = true;
                } else if (wanted) {
                    wanted = held.size() >= beginning.length || beginning[held.size()] == b;
                    held.write(b);
                }
            }
        }
    }
}
