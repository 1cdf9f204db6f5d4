package dev.kept.provider;

import dev.kept.model.BoundedText;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;

/** A reader of the notes beside a source that name its working directory. Stateless and thread-safe. */
public final class WorkingDirectoryFiles {
    private WorkingDirectoryFiles() {}

    /**
     * Returns the working directory that the notes on a source name; empty if none does, or none can be read.
     *
     * @param root the provider's root above the source
     */
    public static Optional<String> workingDirectory(Provider provider, Path root, Path source) {
        Path relative = root.relativize(source);
        for (Path note : provider.notes(relative)) {
            try {
                Optional<String> directory = provider.workingDirectory(relative, note, read(root.resolve(note)))
                        .filter(folder -> folder.length() <= BoundedText.MAX_PATH);
                if (directory.isPresent()) {
                    return directory;
                }
            } catch (IOException unreadable) {
                // The next note may name it; otherwise the working directory stays unknown.
            }
        }
        return Optional.empty();
    }

    private static String read(Path note) throws IOException {
        try (FileChannel channel = FileChannel.open(note, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS))) {
            byte[] bytes = Channels.newInputStream(channel).readNBytes(Provider.MAX_NOTE_BYTES + 1);
            if (bytes.length > Provider.MAX_NOTE_BYTES) {
                throw new IOException(note + " is too long");
            }
            return new String(bytes, StandardCharsets.UTF_8);
        }
    }
}
