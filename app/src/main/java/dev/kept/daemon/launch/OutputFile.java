package dev.kept.daemon.launch;

import dev.kept.config.KeptHome;
import dev.kept.config.PrivateFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The file for the daemon's error output, opened by the launcher for appending and emptied at each launch. While a
 * daemon runs, this class keeps the file short: above {@value #MAX_BYTES} bytes it is emptied, and its end is saved in
 * a file beside it.
 */
public final class OutputFile {
    /** Length above which the file is emptied. */
    static final int MAX_BYTES = 1 << 20;

    /** Length of the end that is saved. */
    static final int KEPT_BYTES = 64 * 1024;

    private final Path file;
    private final Path earlier;

    public OutputFile(KeptHome home) {
        this.file = home.daemonOutput();
        this.earlier = home.earlierDaemonOutput();
    }

    /** Empties the file if it is too long, and saves its end. Output written at that moment may be lost. */
    public void trim() throws IOException {
        if (!Files.isRegularFile(file) || Files.size(file) <= MAX_BYTES) {
            return;
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer end = ByteBuffer.allocate(KEPT_BYTES);
            channel.position(Math.max(0, channel.size() - KEPT_BYTES));
            while (end.hasRemaining() && channel.read(end) >= 0) {
                // Until the buffer or the file ends.
            }
            PrivateFiles.replace(
                    earlier, StandardCharsets.UTF_8.decode(end.flip()).toString());
            channel.truncate(0);
        }
    }
}
