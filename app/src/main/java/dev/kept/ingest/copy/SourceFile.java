package dev.kept.ingest.copy;

import dev.kept.ingest.admission.Handover;
import dev.kept.ingest.source.FileFacts;
import dev.kept.ingest.source.LinkedPaths;
import dev.kept.ingest.source.PackedRules;
import dev.kept.ingest.source.PackedSourceReader;
import dev.kept.ingest.source.RefusedLinkException;
import dev.kept.ingest.source.SourceInfo;
import dev.kept.ingest.source.SourceTotals;
import dev.kept.tape.Tape;
import dev.kept.tape.TapeLibrary;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One source and its tape: where its file is, what was seen of it, how far it is copied and handed on. How it is copied depends
 * on what the file is: {@link PlainCopy}, {@link PackedCopy}, {@link DocumentCopy}. Owned by the ingest thread.
 */
public final class SourceFile {
    /** So long after it was first met it is looked at again, should Kept have ended before all was known. */
    private static final Duration HANDED_OVER_WITHIN = Duration.ofMinutes(10);

    private SourceInfo info;
    private final Tape tape;
    private final boolean followed;
    private final ObservedFile seen = new ObservedFile();
    private final PlainCopy plain;
    private final PackedCopy packed;
    private final @Nullable DocumentCopy document;
    private final LinkedPaths links;
    private Path place;
    private final FeedCursor cursor;
    private SourceTotals accounted = SourceTotals.NONE;
    public boolean queuedLive;
    public boolean queuedBacklog;
    public boolean wantsMore;
    public boolean sweepSoon;
    public boolean announced;
    public boolean setAside;

    /** Whether it was announced before it was known that a conversation was handed over into it. */
    public boolean handoverUntold;

    /** Whether it is still to be asked whether a conversation was handed over into it. */
    private boolean mayBeHandedOver;

    /** The entry of {@link CopyChecks} while the source waits to be checked, and when the next may begin. */
    CopyChecks.@Nullable Waiting waitingCheck;

    long notCheckedBefore = System.nanoTime();
    private @Nullable CopyCheck check;

    /**
     * @param followed whether the file is read: its root may have been taken out of the configuration
     * @param documents used by a source that is a document, which {@link DocumentCopy} copies
     * @param unpacking used by a source that is packed, which {@link PackedCopy} copies
     * @param links the way to the place where its bytes stand
     */
    SourceFile(
            SourceInfo info,
            Tape tape,
            boolean followed,
            LoadedDocuments documents,
            PackedRules unpacking,
            LinkedPaths links) {
        this.info = info;
        this.place = info.path();
        this.links = links;
        this.tape = tape;
        this.followed = followed;
        this.plain = new PlainCopy(tape, seen);
        this.packed = new PackedCopy(tape, unpacking);
        this.document = switch (info.kind().layout()) {
            case LINES, OPAQUE -> null;
            case DOCUMENT -> new DocumentCopy(tape, documents);
        };
        this.cursor = new FeedCursor(tape);
        this.mayBeHandedOver = Handover.isPossible(info.provider(), info.kind())
                && info.kind().continues().isEmpty();
    }

    public SourceInfo info() {
        return info;
    }

    public Tape tape() {
        return tape;
    }

    public boolean present() {
        return seen.present();
    }

    public long modifiedAtMs() {
        return seen.modifiedAtMs();
    }

    /** What this source adds to its provider's totals, less what it added before. */
    SourceTotals newlyAccounted() {
        SourceTotals now = new SourceTotals(seen.present() ? 1 : 0, 1, tape.length(), unread(), unfed());
        SourceTotals change = now.minus(accounted);
        accounted = now;
        return change;
    }

    /** True once for each change of what {@link #present} and {@link #modifiedAtMs} say. */
    public boolean presenceChanged() {
        return seen.changed();
    }

    /** Bytes of the source that are not on tape yet, as last seen. */
    private long unread() {
        return seen.present() && followed && document == null ? Math.max(0, seen.size() - tape.length()) : 0;
    }

    /** True if its bytes are handed on to be read. */
    public boolean hasRecords() {
        return switch (info.kind().layout()) {
            case LINES, DOCUMENT -> true;
            case OPAQUE -> false;
        };
    }

    /** How far it was handed on; stays at the beginning of a source that has no records. */
    public FeedCursor cursor() {
        return cursor;
    }

    private long unfed() {
        return hasRecords() && !setAside ? cursor.left() : 0;
    }

    /** Whether all of its tape was handed on, and nothing is being compared. */
    public boolean isAllHandedOn() {
        return unfed() == 0 && !plain.isComparing();
    }

    /** The agent moved the file, packed or unpacked it: from now on it is read at that place, and is the same source. */
    void moveTo(Path path) {
        packed.stop();
        info = info.at(path);
        plain.moved();
    }

    /** Where its bytes stood at the last look; its path, unless a link leads there. */
    public Path place() {
        return place;
    }

    private Path find() throws IOException {
        Path now;
        try {
            now = links.place(info.provider(), tape.card().root(), info.path());
        } catch (RefusedLinkException e) {
            seen.saw(false, seen.size(), seen.modifiedAtMs());
            plain.gone();
            packed.stop();
            throw e;
        }
        // The same object where no link is on the way: there are very many sources.
        place = now.equals(info.path()) ? info.path() : now;
        return place;
    }

    private boolean isPacked() {
        return PackedSourceReader.isPacked(info.path());
    }

    /** Takes note of what was seen when the source was found, and copies nothing. */
    void glance(FileFacts facts) {
        seen.saw(facts.regular(), isPacked() ? tape.length() : facts.size(), facts.modifiedAtMs());
    }

    /** How a look at the source ended. */
    public enum Look {
        /** All of it is on tape. */
        SETTLED,
        /** More can be done at once. */
        MORE,
        /** It may have been rewritten in a way that only a whole compare tells; that can wait. */
        SUSPECT
    }

    /**
     * Looks at the file and copies at most about {@code budget} bytes. What was copied must be {@link Tape#force forced}
     * before it is handed on.
     */
    public Look pump(ByteBuffer buffer, ByteBuffer other, long budget, Instant now) throws IOException {
        if (document != null) {
            document.mend(buffer);
        }
        mayBeHandedOver &= tape.length() == 0
                || Duration.between(tape.card().firstSeen(), now).compareTo(HANDED_OVER_WITHIN) < 0;
        try {
            Look looked = look(buffer, other, budget, now);
            if (mayBeHandedOver && tape.length() > 0) {
                askForHandover();
            }
            return looked;
        } catch (NoSuchFileException gone) {
            seen.saw(false, seen.size(), 0);
            plain.gone();
            packed.stop();
            return Look.SETTLED;
        }
    }

    /** Before what was copied is handed on: everything that reads it has to know its session. */
    private void askForHandover() throws IOException {
        Path folder = tape.folder().toAbsolutePath();
        Handover.Origin origin = Handover.of(
                info.provider(),
                info.kind(),
                tape.card().root(),
                info.path(),
                place,
                Optional.ofNullable(folder.getParent()).map(Path::getParent).map(TapeLibrary::new));
        switch (origin) {
            case Handover.Untold _ -> {}
            case Handover.Own _ -> mayBeHandedOver = false;
            case Handover.Of(var session) -> {
                tape.continues(session);
                info = info.continuing(session);
                handoverUntold = announced;
                mayBeHandedOver = false;
            }
        }
    }

    private Look look(ByteBuffer buffer, ByteBuffer other, long budget, Instant now) throws IOException {
        if (!followed) {
            return Look.SETTLED;
        }
        Path at = find();
        FileFacts facts = FileFacts.of(at);
        if (!facts.regular()) {
            seen.saw(false, seen.size(), seen.modifiedAtMs());
            throw new IOException("is no regular file; it is not followed until it is one again");
        }
        seen.saw(true, facts.size(), facts.modifiedAtMs());
        if (document != null) {
            return document.look(info.path(), at, facts, buffer, other);
        }
        if (isPacked()) {
            plain.tapeGrew();
            try {
                return packed.look(info.path(), at, facts, buffer, other, budget, now);
            } finally {
                seen.saw(true, tape.length(), facts.modifiedAtMs());
            }
        }
        return plain.look(info.path(), at, facts, buffer, other, budget, now);
    }

    /** Starts a whole compare, or goes on with it. Called for a source that {@link #pump} called suspect. */
    public void suspect() {
        if (isPacked()) {
            packed.mayUnpack();
        } else {
            plain.suspect();
        }
    }

    /** Returns true once after bytes were added to a tape that held all of its file before. */
    public boolean grewSinceSettled() {
        return plain.grewSinceSettled();
    }

    /**
     * Checks whether what was copied still stands in the file, about {@code budget} bytes at a time. A document and a packed
     * file are compared whole whenever they change, and need no check.
     */
    CopyCheck.Result check(ByteBuffer theirs, ByteBuffer ours, long budget) throws IOException {
        if (!followed || document != null || isPacked() || !seen.present() || plain.isComparing()) {
            check = null;
            return CopyCheck.Result.SAME;
        }
        CopyCheck running = check == null ? new CopyCheck(tape) : check;
        check = null;
        CopyCheck.Result result;
        try (FileChannel file = LinkedPaths.open(find())) {
            result = running.step(file, theirs, ours, budget);
        } catch (NoSuchFileException | RefusedLinkException gone) {
            return CopyCheck.Result.SAME;
        }
        check = result == CopyCheck.Result.MORE ? running : null;
        return result;
    }
}
