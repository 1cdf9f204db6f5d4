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
 * The way to a destination: may it be written, what stands there, open it. All that recordings do to the files that people
 * read goes through here, so that a test can put a disk in its place that crashes or hangs. Blocks as long as the file
 * system does. Thread-safe.
 */
public interface DestinationAccess {

    /** What stands at a path, links not followed. */
    sealed interface Sight {}

    /** Nothing. */
    record Missing() implements Sight {}

    /**
     * A regular file.
     *
     * @param fileKey names the file itself; empty where the platform has no such key
     */
    record Regular(String fileKey, long size) implements Sight {
        public Regular {
            Objects.requireNonNull(fileKey, "fileKey");
        }
    }

    /** A folder, a link, a pipe, a device: nothing to open. */
    record Irregular() implements Sight {}

    PathVerdict decide(Path file);

    /** Opens an allowed destination, creating what is missing. */
    OpenDestination open(PathVerdict.Allowed allowed) throws IOException;

    Sight look(Path file) throws IOException;

    /** Opens a file that {@link #look} found regular, to read it. */
    FileChannel read(Path file) throws IOException;

    /** Makes the entries of a folder durable. */
    void force(Path folder) throws IOException;

    /** Destinations on the disks of the machine. */
    static DestinationAccess of(PathPolicy policy) {
        return new Real(policy, new SafeDestinationOpener(policy.recordings()));
    }

    /** See {@link #of}. */
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
        public Sight look(Path file) throws IOException {
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
