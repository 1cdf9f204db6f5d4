package dev.kept.cli.terminal;

import dev.kept.recording.render.ConversationExport;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;

/** A sink that collects small texts into writes of a bounded size. */
public final class FileSink implements ConversationExport.Sink {
    private static final int BUFFER_BYTES = 64 * 1024;

    private final FileChannel file;
    private final ProgressLine progress;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);

    public FileSink(FileChannel file, ProgressLine progress) {
        this.file = file;
        this.progress = progress;
    }

    @Override
    public void write(String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        int at = 0;
        while (at < bytes.length) {
            if (!buffer.hasRemaining()) {
                drain();
            }
            int count = Math.min(buffer.remaining(), bytes.length - at);
            buffer.put(bytes, at, count);
            at += count;
        }
    }

    @Override
    public void at(long bytes) {
        progress.at(bytes);
    }

    private void drain() throws IOException {
        buffer.flip();
        while (buffer.hasRemaining()) {
            file.write(buffer);
        }
        buffer.clear();
    }

    public void end() throws IOException {
        drain();
        file.force(true);
    }
}
