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
 * The ids of an agent's sessions: those on tape, and those whose file is only on disk. A file without a tape is read at
 * its beginning; its name counts if its records name no session.
 *
 * @param onTape ids of sessions, and of the files that belong to one
 * @param onDisk ids of sessions without a tape
 */
public record Transcripts(Set<String> onTape, Set<String> onDisk) {
    private static final int MOST_LOOKED_AT = 1024 * 1024;
    private static final int BUFFER_BYTES = 32 * 1024;

    public Transcripts {
        onTape = Set.copyOf(onTape);
        onDisk = Set.copyOf(onDisk);
    }

    /**
     * Collects the ids.
     *
     * @param archive archive of the home
     * @param tapes folder of its tapes
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
                            namedSession(provider, kind, file)
                                    .or(kind::sessionId)
                                    .ifPresent(onDisk::add);
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
                provider.stableName(root.relativize(file)).map(root::resolve).orElse(file);
        return TapeLibrary.isTape(library.folder(provider.name(), TapeLibrary.sourceId(named)));
    }

    /** Returns the session that the first records of a file name. */
    private static Optional<String> namedSession(Provider provider, SourceKind.Session kind, Path file) {
        if (kind.layout() != SourceKind.Layout.LINES || file.toString().endsWith(".zst")) {
            return Optional.empty();
        }
        NamedSession named = new NamedSession();
        SourceDecoder decoder = new SourceDecoder(provider, kind);
        byte[] buffer = new byte[BUFFER_BYTES];
        try (InputStream in = Files.newInputStream(file)) {
            int taken = 0;
            while (taken < MOST_LOOKED_AT && named.session.isEmpty()) {
                int got = in.read(buffer);
                if (got < 0) {
                    decoder.finish(named::accept);
                    break;
                }
                taken += got;
                decoder.accept(buffer, 0, got, named::accept);
            }
        } catch (IOException unreadable) {
            return Optional.empty();
        }
        return named.session;
    }

    private static final class NamedSession {
        private Optional<String> session = Optional.empty();

        void accept(DecodedRecord decoded) {
            for (SessionFact fact : decoded.facts()) {
                if (session.isEmpty() && fact instanceof SessionFact.Identity(var id)) {
                    session = Optional.of(id);
                }
            }
        }
    }
}
