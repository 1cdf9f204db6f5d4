package dev.kept.archive;

import dev.kept.provider.DecodedRecord;
import dev.kept.provider.Provider;
import dev.kept.provider.SessionFact;
import dev.kept.provider.SourceKind;
import dev.kept.provider.decode.SourceDecoder;
import dev.kept.tape.TapeLibrary;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The sessions of one agent by their ids: those that are on tape, and those whose file is on disk only. Of a file
 * that has no
 * tape the beginning is read, and its name speaks where its records say nothing.
 *
 * @param onTape ids of sessions, and of the files that belong to one
 */
public record Transcripts(Set<String> onTape, Set<String> onDisk) {
    private static final int MOST_LOOKED_AT = 1024 * 1024;
    private static final int BUFFER_BYTES = 32 * 1024;

    public Transcripts {
        onTape = Set.copyOf(onTape);
        onDisk = Set.copyOf(onDisk);
    }

    /**
     * Finds them.
     *
     * @param archive of the home
     * @param tapes where its tapes are
     */
    public static Transcripts of(Provider provider, List<Path> roots, SessionArchive archive, Path tapes)
            throws IOException {
        Set<String> onDisk = new HashSet<>();
        TapeLibrary library = new TapeLibrary(tapes);
        for (Path each : roots) {
            if (Files.isDirectory(each)) {
                Path root = each.toRealPath();
                SessionTree.walk(provider, root, new SessionTree.Visitor() {
                    @Override
                    public boolean file(Path file, BasicFileAttributes facts) {
                        if (facts.isRegularFile()
                                && provider.recognize(root.relativize(file)) instanceof SourceKind.Session kind
                                && !hasTape(library, provider, root, file)) {
                            told(provider, kind, file).or(kind::sessionId).ifPresent(onDisk::add);
                        }
                        return true;
                    }
                });
            }
        }
        return new Transcripts(archive.ids(provider.name()), onDisk);
    }

    private static boolean hasTape(TapeLibrary library, Provider provider, Path root, Path file) {
        Path named =
                provider.lastingName(root.relativize(file)).map(root::resolve).orElse(file);
        return TapeLibrary.isTape(library.folder(provider.name(), TapeLibrary.sourceId(named)));
    }

    /** The session that the first records of a file name. */
    private static Optional<String> told(Provider provider, SourceKind.Session kind, Path file) {
        if (kind.layout() != SourceKind.Layout.LINES || file.toString().endsWith(".zst")) {
            return Optional.empty();
        }
        Look look = new Look();
        SourceDecoder reading = new SourceDecoder(provider, kind);
        byte[] buffer = new byte[BUFFER_BYTES];
        try (InputStream in = Files.newInputStream(file)) {
            int taken = 0;
            while (taken < MOST_LOOKED_AT && look.session.isEmpty()) {
                int got = in.read(buffer);
                if (got < 0) {
                    reading.finish(look::take);
                    break;
                }
                taken += got;
                reading.accept(buffer, 0, got, look::take);
            }
        } catch (IOException unreadable) {
            return Optional.empty();
        }
        return look.session;
    }

    private static final class Look {
        private Optional<String> session = Optional.empty();

        void take(DecodedRecord reading) {
            for (SessionFact fact : reading.facts()) {
                if (session.isEmpty() && fact instanceof SessionFact.Identity(var id)) {
                    session = Optional.of(id);
                }
            }
        }
    }
}
