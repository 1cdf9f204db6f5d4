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

/** Reads the files beside a source that tell where its agent works. Stateless and thread-safe. */
public final class WorkingDirectoryFiles {
    private WorkingDirectoryFiles() {}

    /**
     * Returns the folder that the notes on a source tell; empty where none does, or none can be read.
     *
     * @param root the provider's root that the source stands under
     */
    public static Optional<String> workingDirectory(Provider provider, Path root, Path source) {
        Path relative = root.relativize(source);
        for (Path note : provider.notes(relative)) {
            try {
                Optional<String> told = provider.workingDirectory(relative, note, read(root.resolve(note)))
                        .filter(folder -> folder.length() <= BoundedText.MAX_PATH);
                if (told.isPresent()) {
                    return told;
                }
            } catch (IOException unreadable) {
                // The next note may tell it; without any, where the agent works stays unknown.
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
