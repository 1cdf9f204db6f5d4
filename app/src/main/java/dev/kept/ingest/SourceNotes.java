package dev.kept.ingest;

import dev.kept.provider.Provider;
import dev.kept.provider.SessionFact;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads the files beside a source that tell where its agent works, and what a person named its session. Called on the ingest thread, once for each source. */
final class SourceNotes {
    private SourceNotes() {}

    /**
     * What the notes say of the source's session.
     *
     * @param root the provider's root that the source stands under
     */
    static List<SessionFact> facts(SourceInfo source, Path root) {
        List<SessionFact> facts = new ArrayList<>();
        workingDirectory(source, root).map(SessionFact.WorkingDirectory::new).ifPresent(facts::add);
        name(source, root).map(name -> new SessionFact.Title(name, true)).ifPresent(facts::add);
        return facts;
    }

    private static Optional<String> name(SourceInfo source, Path root) {
        Path relative = root.relativize(source.path());
        for (Path note : source.provider().nameNotes(relative)) {
            try {
                Optional<String> name = source.provider().sessionName(relative, note, readEnd(root.resolve(note)));
                if (name.isPresent()) {
                    return name;
                }
            } catch (IOException unreadable) {
                // Then the session has no other name than what is said in it.
            }
        }
        return Optional.empty();
    }

    private static String readEnd(Path note) throws IOException {
        try (FileChannel channel = FileChannel.open(note, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS))) {
            channel.position(Math.max(0, channel.size() - Provider.MAX_NOTE_BYTES));
            byte[] bytes = Channels.newInputStream(channel).readNBytes(Provider.MAX_NOTE_BYTES);
            return new String(bytes, StandardCharsets.UTF_8);
        }
    }

    private static Optional<String> workingDirectory(SourceInfo source, Path root) {
        Path relative = root.relativize(source.path());
        for (Path note : source.provider().notes(relative)) {
            try {
                Optional<String> told = source.provider().workingDirectory(relative, note, read(root.resolve(note)));
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
