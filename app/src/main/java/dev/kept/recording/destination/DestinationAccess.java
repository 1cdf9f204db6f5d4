package dev.kept.recording.destination;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;

/**
 * Access to destinations: decides whether a file may be written, inspects it, opens it. All that recordings do to the
 * files that people read goes through here, so that a test can substitute a disk that crashes or hangs. Blocks as long
 * as the file system does. Thread-safe.
 */
public interface DestinationAccess {

    /** The file at a path, links not followed. */
    sealed interface FileState {}

    /** No file. */
    record Missing() implements FileState {}

    /**
     * A regular file.
     *
     * @param fileKey identifies the file itself; empty where the platform has no such key
     */
    record Regular(String fileKey, long size) implements FileState {
        public Regular {
            Objects.requireNonNull(fileKey, "fileKey");
        }
    }

    /** A folder, link, pipe or device; it cannot be opened as a file. */
    record Irregular() implements FileState {}

    PathVerdict decide(Path file);

    /** Opens an allowed destination, and creates what is missing. */
    OpenDestination open(PathVerdict.Allowed allowed) throws IOException;

    FileState inspect(Path file) throws IOException;

    /** Opens for reading a file that {@link #inspect} found to be regular. */
    FileChannel read(Path file) throws IOException;

    /** Makes the entries of a folder durable. */
    void force(Path folder) throws IOException;

    /** Returns access to the real disks. */
    static DestinationAccess of(PathPolicy policy) {
        return new Real(policy, new SafeDestinationOpener(policy.recordings()));
    }

    /** Access to the real disks; see {@link #of}. */
    record Real(PathPolicy policy, SafeDestinationOpener opener) implements DestinationAccess {
        @Override
        public PathVerdict decide(Path file) {
            return policy.decide(file);
        }

        @Override
        public OpenDestination open(PathVerdict.Allowed allowed) throws IOException {
            return opener.open(allowed);
        }

        @Override
        public FileState inspect(Path file) throws IOException {
            try {
                BasicFileAttributes attributes =
                        Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
                Object key = attributes.fileKey();
                return attributes.isRegularFile()
                        ? new Regular(key == null ? "" : key.toString(), attributes.size())
                        : new Irregular();
            } catch (NoSuchFileException e) {
                return new Missing();
            }
        }

        @Override
        public FileChannel read(Path file) throws IOException {
            return FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
        }

        @Override
        public void force(Path folder) throws IOException {
            try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }
}
