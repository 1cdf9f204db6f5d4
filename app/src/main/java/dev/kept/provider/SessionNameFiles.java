package dev.kept.provider;

import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A reader of the files that contain names of sessions. Caches the last file that names many sessions, so that it is
 * read once for all of them. Not thread-safe.
 */
public final class SessionNameFiles {
    private @Nullable Path lastList;
    private String lastText = "";

    /**
     * Returns the name that the notes on a source give; empty if none does, or none can be read.
     *
     * @param root the provider's root above the source
     */
    public Optional<SessionFact.Title> name(Provider provider, Path root, Path source) {
        Path relative = root.relativize(source);
        for (Path note : provider.nameNotes(relative)) {
            try {
                String text =
                        provider.nameLists().contains(note) ? list(root.resolve(note)) : readEnd(root.resolve(note));
                Optional<SessionFact.Title> name = provider.sessionName(relative, note, text);
                if (name.isPresent()) {
                    return name;
                }
            } catch (IOException unreadable) {
                // Only the records can name the session then.
            }
        }
        return Optional.empty();
    }

    private String list(Path list) throws IOException {
        if (!list.equals(lastList)) {
            lastText = readEnd(list);
            lastList = list;
        }
        return lastText;
    }

    private static String readEnd(Path note) throws IOException {
        try (FileChannel channel = FileChannel.open(note, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS))) {
            channel.position(Math.max(0, channel.size() - Provider.MAX_NOTE_BYTES));
            byte[] bytes = Channels.newInputStream(channel).readNBytes(Provider.MAX_NOTE_BYTES);
            return new String(bytes, StandardCharsets.UTF_8);
        }
    }
}
