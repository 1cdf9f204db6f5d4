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
 * One source and its tape: the path of its file, its observed state, and how far it is copied and handed on. The kind
 * of file selects how it is copied: {@link PlainCopy}, {@link PackedCopy}, {@link DocumentCopy}. Owned by the ingest
 * thread.
 */
public final class SourceFile {
    /**
     * The time after first sight within which a handover is looked for again, in case Kept stopped before all was
     * known.
     */
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

    /** True if it was announced before it was known that a conversation was handed over into it. */
    public boolean handoverUnreported;

    /** True while it is still to be checked whether a conversation was handed over into it. */
    private boolean mayBeHandedOver;

    /**
     * The entry of {@link CopyChecks} while the source waits to be checked, and the earliest time of the next check.
     */
    CopyChecks.@Nullable Waiting waitingCheck;

    long notCheckedBefore = System.nanoTime();
    private @Nullable CopyCheck check;

    /**
     * @param followed whether the file is read: its root may have been removed from the configuration
     * @param documents used by a source that is a document, which {@link DocumentCopy} copies
     * @param unpacking used by a source that is packed, which {@link PackedCopy} copies
     * @param links finds the place of its bytes
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

    /** Returns the change of this source's part of its provider's totals since the last call. */
    SourceTotals updateTotals() {
        SourceTotals now = new SourceTotals(seen.present() ? 1 : 0, 1, tape.length(), unread(), unfed());
        SourceTotals change = now.minus(accounted);
        accounted = now;
        return change;
    }

    /** Returns true once for each change of {@link #present} or {@link #modifiedAtMs}, and marks it as reported. */
    public boolean consumePresenceChange() {
        return seen.consumeChange();
    }

    /** Returns the bytes of the source that are not on tape yet, as last seen. */
    private long unread() {
        return seen.present() && followed && document == null ? Math.max(0, seen.size() - tape.length()) : 0;
    }

    /** Returns true if its bytes are handed on to be read. */
    public boolean hasRecords() {
        return switch (info.kind().layout()) {
            case LINES, DOCUMENT -> true;
            case OPAQUE -> false;
        };
    }

    /** Returns the position up to which it was handed on; stays at the beginning for a source that has no records. */
    public FeedCursor cursor() {
        return cursor;
    }

    private long unfed() {
        return hasRecords() && !setAside ? cursor.left() : 0;
    }

    /** Reports whether all of its tape was handed on, and nothing is being compared. */
    public boolean isAllHandedOn() {
        return unfed() == 0 && !plain.isComparing();
    }

    /**
     * Notes that the agent moved the file, packed or unpacked it: from now on it is read at that path, as the same
     * source.
     */
    void moveTo(Path path) {
        packed.stop();
        info = info.at(path);
        plain.markMoved();
    }

    /** Returns the place of its bytes at the last look; its path, unless a link leads there. */
    public Path place() {
        return place;
    }

    private Path find() throws IOException {
        Path now;
        try {
            now = links.place(info.provider(), tape.manifest().root(), info.path());
        } catch (RefusedLinkException e) {
            seen.update(false, seen.size(), seen.modifiedAtMs());
            plain.cancelComparison();
            packed.stop();
            throw e;
        }
        // The same object if the path has no link: there are very many sources.
        place = now.equals(info.path()) ? info.path() : now;
        return place;
    }

    private boolean isPacked() {
        return PackedSourceReader.isPacked(info.path());
    }

    /** Notes the facts seen when the source was found, and copies nothing. */
    void noteFacts(FileFacts facts) {
        seen.update(facts.regular(), isPacked() ? tape.length() : facts.size(), facts.modifiedAtMs());
    }

    /** The result of a look at the source. */
    public enum CopyResult {
        /** All of it is on tape. */
        SETTLED,
        /** More can be done at once. */
        MORE,
        /** It may have been rewritten in a way that only a complete comparison shows; that can wait. */
        SUSPECT
    }

    /**
     * Examines the file and copies at most about {@code budget} bytes. Copied bytes must be {@link Tape#force forced}
     * before they are handed on.
     */
    public CopyResult pump(ByteBuffer buffer, ByteBuffer other, long budget, Instant now) throws IOException {
        if (document != null) {
            document.repair(buffer);
        }
        mayBeHandedOver &= tape.length() == 0
                || Duration.between(tape.manifest().firstSeen(), now).compareTo(HANDED_OVER_WITHIN) < 0;
        try {
            CopyResult result = advance(buffer, other, budget, now);
            if (mayBeHandedOver && tape.length() > 0) {
                checkForHandover();
            }
            return result;
        } catch (NoSuchFileException gone) {
            seen.update(false, seen.size(), 0);
            plain.cancelComparison();
            packed.stop();
            return CopyResult.SETTLED;
        }
    }

    /** Checks for a handover before copied bytes are handed on: their readers must know the session. */
    private void checkForHandover() throws IOException {
        Path folder = tape.folder().toAbsolutePath();
        Handover.Origin origin = Handover.of(
                info.provider(),
                info.kind(),
                tape.manifest().root(),
                info.path(),
                place,
                Optional.ofNullable(folder.getParent()).map(Path::getParent).map(TapeLibrary::new));
        switch (origin) {
            case Handover.Unknown _ -> {}
            case Handover.Own _ -> mayBeHandedOver = false;
            case Handover.Of(var session) -> {
                tape.noteContinuation(session);
                info = info.continuing(session);
                handoverUnreported = announced;
                mayBeHandedOver = false;
            }
        }
    }

    private CopyResult advance(ByteBuffer buffer, ByteBuffer other, long budget, Instant now) throws IOException {
        if (!followed) {
            return CopyResult.SETTLED;
        }
        Path at = find();
        FileFacts facts = FileFacts.of(at);
        if (!facts.regular()) {
            seen.update(false, seen.size(), seen.modifiedAtMs());
            throw new IOException("is no regular file; it is not followed until it is one again");
        }
        seen.update(true, facts.size(), facts.modifiedAtMs());
        if (document != null) {
            return document.advance(info.path(), at, facts, buffer, other);
        }
        if (isPacked()) {
            plain.markTapeGrew();
            try {
                return packed.advance(info.path(), at, facts, buffer, other, budget, now);
            } finally {
                seen.update(true, tape.length(), facts.modifiedAtMs());
            }
        }
        return plain.advance(info.path(), at, facts, buffer, other, budget, now);
    }

    /** Starts a complete comparison, or continues it. Called for a source that {@link #pump} called suspect. */
    public void suspect() {
        if (isPacked()) {
            packed.allowUnpacking();
        } else {
            plain.suspect();
        }
    }

    /** Returns true once after bytes were added to a tape that held all of its file before. */
    public boolean consumeGrowth() {
        return plain.consumeGrowth();
    }

    /**
     * Checks whether the copied bytes are still in the file, about {@code budget} bytes at a time. A document and a
     * packed file are compared completely whenever they change, and need no check.
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
