package dev.kept.recording.destination;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * An open destination that the path policy allowed: a regular file, reached without a symbolic link.
 *
 * @param path the canonical path
 * @param reader reads the file; it cannot write
 * @param appender writes at the file's current end; it cannot read
 * @param fileKey identifies the file itself, whatever its path; empty where the platform has no such key
 * @param size bytes at the moment of opening
 * @param created whether the file did not exist before
 * @param unforced folders with new entries on the way, which a crash may still remove
 */
public record OpenDestination(
        Path path,
        FileChannel reader,
        FileChannel appender,
        String fileKey,
        long size,
        boolean created,
        List<Path> unforced)
        implements Closeable {
    public OpenDestination {
        Objects.requireNonNull(path, "path");
        Objects.requireNonNull(reader, "reader");
        Objects.requireNonNull(appender, "appender");
        Objects.requireNonNull(fileKey, "fileKey");
        unforced = List.copyOf(unforced);
    }

    @Override
    public void close() throws IOException {
        try (FileChannel first = reader;
                FileChannel second = appender) {
            Objects.requireNonNull(first);
            Objects.requireNonNull(second);
        }
    }
}
