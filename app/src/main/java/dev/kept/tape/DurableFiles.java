package dev.kept.tape;

import dev.kept.config.PrivateFiles;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;

/** Private files that are durable before anyone relies on them: their content, and the entry in their directory. */
public final class DurableFiles {
    private DurableFiles() {}

    /** Creates a private directory and its parents; the entry of each new one is durable afterwards. */
    public static void createDirectories(Path folder) throws IOException {
        if (Files.isDirectory(folder)) {
            return;
        }
        Path parent = folder.toAbsolutePath().getParent();
        if (parent != null) {
            createDirectories(parent);
        }
        PrivateFiles.createDirectory(folder);
        forceParent(folder);
    }

    /** Creates a private file that must not exist yet, for reading and writing; its entry is durable. */
    public static FileChannel create(Path file) throws IOException {
        FileChannel channel = PrivateFiles.open(
                file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE));
        forceParent(file);
        return channel;
    }

    /** Replaces a file's content atomically: afterwards the file holds the whole of the old or of the new. */
    public static void replace(Path file, String text) throws IOException {
        PrivateFiles.replace(file, text);
        forceParent(file);
    }

    /** Makes the entry of a file in its folder durable. */
    public static void forceParent(Path file) throws IOException {
        Path parent = file.toAbsolutePath().getParent();
        if (parent != null) {
            try (FileChannel channel = FileChannel.open(parent, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }
}
