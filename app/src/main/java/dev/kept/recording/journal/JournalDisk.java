package dev.kept.recording.journal;

import dev.kept.tape.DurableFiles;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * The file operations that journals and intents consist of. Only they determine what a crash leaves, so that a test can
 * substitute a disk that records each operation. Thread-safe.
 */
public interface JournalDisk {
    /** The real disk. */
    JournalDisk REAL = new JournalDisk() {
        @Override
        public boolean exists(Path file) {
            return Files.exists(file);
        }

        @Override
        public FileChannel open(Path file) throws IOException {
            return FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
        }

        @Override
        public FileChannel create(Path file) throws IOException {
            return DurableFiles.create(file);
        }

        @Override
        public byte[] readAll(Path file) throws IOException {
            return Files.readAllBytes(file);
        }

        @Override
        public void createDirectories(Path folder) throws IOException {
            DurableFiles.createDirectories(folder);
        }

        @Override
        public List<Path> list(Path folder) throws IOException {
            List<Path> entries = new ArrayList<>();
            if (Files.isDirectory(folder)) {
                try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
                    stream.forEach(entries::add);
                }
            }
            return entries;
        }

        @Override
        public void forceFolder(Path folder) throws IOException {
            try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }

        @Override
        public void delete(Path file) throws IOException {
            Files.deleteIfExists(file);
        }
    };

    boolean exists(Path file);

    /** Opens an existing file to read and write. */
    FileChannel open(Path file) throws IOException;

    /** Creates a private file to read and write; its directory entry is durable. */
    FileChannel create(Path file) throws IOException;

    /** Returns all bytes of a file. */
    byte[] readAll(Path file) throws IOException;

    /** Creates a private folder and its parents, durably. */
    void createDirectories(Path folder) throws IOException;

    /** Returns the files of a folder, in no order; empty if it is not a folder. */
    List<Path> list(Path folder) throws IOException;

    /** Makes the entries of a folder durable. */
    void forceFolder(Path folder) throws IOException;

    /** Removes a file, if it exists. */
    void delete(Path file) throws IOException;
}
