package dev.kept.observe;

import dev.kept.config.PrivateFiles;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Set;

/**
 * A file of lines with a maximum size. When that is reached, it becomes {@code NAME.1}, {@code NAME.1} becomes {@code
 * NAME.2}, and the oldest is deleted. Not thread-safe.
 *
 * <p>Lines go through {@link FileOutputStream}, which copies small writes over the stack: a channel would keep a direct
 * buffer per thread.
 */
final class RotatedFile implements AutoCloseable {
    private final Path file;
    private final long maxBytes;
    private final int olderFiles;
    private FileOutputStream out;
    private long size;

    RotatedFile(Path file, long maxBytes, int olderFiles) throws IOException {
        this.file = file;
        this.maxBytes = maxBytes;
        this.olderFiles = olderFiles;
        this.out = open();
        this.size = Files.size(file);
    }

    void append(String line) throws IOException {
        byte[] bytes = (line + "\n").getBytes(StandardCharsets.UTF_8);
        if (size > 0 && size + bytes.length > maxBytes) {
            rotate();
        }
        out.write(bytes);
        size += bytes.length;
    }

    private void rotate() throws IOException {
        out.close();
        for (int number = olderFiles; number >= 1; number--) {
            Path newer = number == 1 ? file : numbered(number - 1);
            if (Files.exists(newer)) {
                Files.move(newer, numbered(number), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        out = open();
        size = 0;
    }

    private Path numbered(int number) {
        return file.resolveSibling(file.getFileName() + "." + number);
    }

    private FileOutputStream open() throws IOException {
        PrivateFiles.open(file, Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE))
                .close();
        return new FileOutputStream(file.toFile(), true);
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
