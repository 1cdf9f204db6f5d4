package dev.kept.ingest.admission;

import dev.kept.ingest.source.FileFacts;
import dev.kept.ingest.source.LinkedPaths;
import dev.kept.json.JsonValue.JsonObject;
import dev.kept.model.EventHeader;
import dev.kept.provider.HandoverMarks;
import dev.kept.provider.Provider;
import dev.kept.provider.SourceKind;
import dev.kept.provider.SourceRecord;
import dev.kept.provider.decode.JsonLineSplitter;
import dev.kept.tape.TapeLibrary;
import dev.kept.tape.TapeManifest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The search for the session whose conversation continues in a file that its agent handed it over to: the file begins
 * with copies of another one's records, which keep their ids, and its first record with an id has the agent's mark. A
 * file without that mark is a conversation of its own, even if it begins with copies.
 *
 * <p>The other file is older, and is looked for in the same folder, the one that was changed last first, in {@value
 * #SEARCHED_BYTES} bytes at most; of several the one with most of the copied records counts. Nothing is searched for a
 * file without the mark.
 */
public final class Handover {
    /** The most bytes of a file that are read to find the mark and the copied records. */
    static final int LOOK_BYTES = 1024 * 1024;

    private static final long SEARCHED_BYTES = 64L * 1024 * 1024;
    private static final int BUFFER_BYTES = 64 * 1024;

    /** The bytes within which most first records with an id end. */
    private static final int OPENING_BYTES = 8 * 1024;

    private static final int MOST_IDS = 4096;

    /** The most handovers of one conversation that are followed back. */
    private static final int MOST_HANDOVERS = 16;

    private final Provider provider;
    private final HandoverMarks marks;
    private final Path root;
    private final Optional<TapeLibrary> library;
    private final Set<Path> passed = new HashSet<>();
    private long left = SEARCHED_BYTES;

    /** The result of a search. */
    public sealed interface Origin {}

    /** The result that no record has an id yet. */
    public record Unknown() implements Origin {}

    /** The result that the conversation is the file's own. */
    public record Own() implements Origin {}

    /** The result that the conversation of that session continues in the file. */
    public record Of(String sessionId) implements Origin {}

    private record Sibling(Path path, SourceKind.Session kind, long modifiedAtMs) {}

    /** The records read at a file's beginning. */
    private static final class Opening {
        private final Set<String> ids = new LinkedHashSet<>();
        private boolean marked;
    }

    private Handover(Provider provider, HandoverMarks marks, Path root, Optional<TapeLibrary> library) {
        this.provider = provider;
        this.marks = marks;
        this.root = root;
        this.library = library;
    }

    /** Reports whether a file may hold a conversation that was handed over. */
    public static boolean isPossible(Provider provider, SourceKind.Session kind) {
        return provider.handovers().isPresent()
                && kind.sessionId().isPresent()
                && kind.line().equals(EventHeader.MAIN_LINE)
                && kind.layout() == SourceKind.Layout.LINES;
    }

    /**
     * Finds the origin of a file's conversation.
     *
     * @param root root of its agent
     * @param path the path by which the agent knows the file
     * @param place the path of its bytes
     * @param library library with the tapes of earlier files, if they are to be consulted
     */
    public static Origin of(
            Provider provider, SourceKind.Session kind, Path root, Path path, Path place, Optional<TapeLibrary> library)
            throws IOException {
        if (!isPossible(provider, kind)) {
            return new Own();
        }
        Handover handover = new Handover(provider, provider.handovers().orElseThrow(), root, library);
        return handover.search(path, place);
    }

    private Origin search(Path path, Path place) throws IOException {
        passed.add(path);
        Opening opening = opening(place);
        if (opening.ids.isEmpty()) {
            return Files.size(place) < LOOK_BYTES ? new Unknown() : new Own();
        }
        if (!opening.marked) {
            return new Own();
        }
        Optional<Sibling> from = source(path, FileFacts.of(place).createdAt(), opening.ids);
        return from.isPresent() ? new Of(session(from.get())) : new Own();
    }

    /** Returns the session of a file, which may have been handed over itself. */
    private String session(Sibling file) throws IOException {
        String own = file.kind().sessionId().orElseThrow();
        if (library.isPresent()) {
            Path tape = library.get().folder(provider.name(), TapeLibrary.sourceId(file.path()));
            Optional<String> known = Files.exists(tape.resolve(TapeManifest.FILE_NAME))
                    ? TapeManifest.read(tape).continues()
                    : Optional.empty();
            if (known.isPresent()) {
                return known.get();
            }
        }
        return passed.size() < MOST_HANDOVERS && search(file.path(), file.path()) instanceof Of(var before)
                ? before
                : own;
    }

    private Opening opening(Path place) throws IOException {
        Opening opening = new Opening();
        read(place, OPENING_BYTES, LOOK_BYTES, entry -> {
            Optional<String> id = marks.recordId(entry);
            if (id.isPresent() && opening.ids.size() < MOST_IDS) {
                opening.marked |= opening.ids.isEmpty() && marks.isHandedOver(entry);
                opening.ids.add(id.get());
            }
            return opening.ids.isEmpty() || opening.marked;
        });
        return opening;
    }

    /** A receiver of records; returns false to read no further. */
    private interface Reader {
        boolean accept(JsonObject entry);
    }

    private void read(Path place, int atOnce, long most, Reader reader) throws IOException {
        JsonLineSplitter lines = new JsonLineSplitter(1, 0, provider::isRecord);
        byte[] buffer = new byte[atOnce];
        boolean[] more = {true};
        long taken = 0;
        try (InputStream in = Channels.newInputStream(LinkedPaths.open(place))) {
            for (int got = in.read(buffer); got > 0 && more[0]; got = in.read(buffer)) {
                lines.accept(buffer, 0, got, entry -> more[0] = more[0] && isWanted(entry, reader));
                taken += got;
                if (taken >= most) {
                    return;
                }
            }
            lines.finish(entry -> more[0] = more[0] && isWanted(entry, reader));
        }
    }

    private static boolean isWanted(SourceRecord entry, Reader reader) {
        return !(entry instanceof SourceRecord.Value value && value.value() instanceof JsonObject object)
                || reader.accept(object);
    }

    /**
     * Returns the file that has most of these records, of several the one that was changed last; it must have the
     * first.
     */
    private Optional<Sibling> source(Path of, Instant createdAt, Set<String> ids) throws IOException {
        Optional<Sibling> best = Optional.empty();
        int most = 0;
        byte[] first = ids.iterator().next().getBytes(StandardCharsets.UTF_8);
        for (Sibling sibling : siblings(of, createdAt)) {
            if (left > 0 && mentions(sibling.path(), first)) {
                int shared = shared(sibling.path(), ids);
                if (shared > most) {
                    most = shared;
                    best = Optional.of(sibling);
                }
            }
        }
        return best;
    }

    /** Returns the conversations beside a file that are no younger, the one that was changed last first. */
    private List<Sibling> siblings(Path of, Instant createdAt) throws IOException {
        List<Sibling> siblings = new ArrayList<>();
        Path folder = of.getParent();
        if (folder == null) {
            return siblings;
        }
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            for (Path entry : entries) {
                if (!passed.contains(entry)
                        && provider.recognize(root.relativize(entry)) instanceof SourceKind.Session kind
                        && isPossible(provider, kind)) {
                    FileFacts.ifThere(entry)
                            .filter(facts ->
                                    facts.regular() && !facts.createdAt().isAfter(createdAt))
                            .ifPresent(facts -> siblings.add(new Sibling(entry, kind, facts.modifiedAtMs())));
                }
            }
        } catch (DirectoryIteratorException unreadable) {
            throw unreadable.getCause();
        }
        siblings.sort(Comparator.comparingLong(Sibling::modifiedAtMs).reversed().thenComparing(Sibling::path));
        return siblings;
    }

    /** Reports whether the bytes of an id occur in the part of a file that may still be searched. */
    private boolean mentions(Path file, byte[] id) throws IOException {
        byte[] buffer = new byte[BUFFER_BYTES + id.length];
        int kept = 0;
        try (InputStream in = Channels.newInputStream(LinkedPaths.open(file))) {
            for (int got = in.read(buffer, kept, BUFFER_BYTES); got > 0 && left > 0; ) {
                left -= got;
                int end = kept + got;
                if (contains(buffer, end, id)) {
                    return true;
                }
                kept = Math.min(id.length - 1, end);
                System.arraycopy(buffer, end - kept, buffer, 0, kept);
                got = in.read(buffer, kept, BUFFER_BYTES);
            }
        }
        return false;
    }

    private static boolean contains(byte[] bytes, int end, byte[] wanted) {
        for (int at = 0; at + wanted.length <= end; at++) {
            if (bytes[at] == wanted[0] && Arrays.equals(bytes, at, at + wanted.length, wanted, 0, wanted.length)) {
                return true;
            }
        }
        return false;
    }

    /** Returns how many of these records are in a file; 0 unless the first is. */
    private int shared(Path file, Set<String> ids) throws IOException {
        Set<String> found = new HashSet<>();
        read(file, BUFFER_BYTES, SEARCHED_BYTES, entry -> {
            marks.recordId(entry).filter(ids::contains).ifPresent(found::add);
            return found.size() < ids.size();
        });
        return found.contains(ids.iterator().next()) ? found.size() : 0;
    }
}
