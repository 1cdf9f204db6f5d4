package dev.kept.archive;

import dev.kept.archive.PurgeOutlook.FileState;
import dev.kept.archive.PurgeOutlook.Going;
import dev.kept.config.KeptHome;
import dev.kept.ingest.ForgottenSources;
import dev.kept.model.EventHeader;
import dev.kept.model.SessionKey;
import dev.kept.provider.AgentStores;
import dev.kept.provider.Provider;
import dev.kept.provider.SourceKind;
import dev.kept.provider.support.AgentSettings;
import dev.kept.session.SessionFamilies;
import dev.kept.tape.Segments;
import dev.kept.tape.TapeLibrary;
import dev.kept.tape.TapeManifest;
import dev.kept.tape.Tombstones;
import dev.kept.tape.document.DocumentVersions;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A survey of the conversations that agents will delete soon. Their bytes are compared with the tapes: an earlier
 * comparison counts if neither was touched since, and the rest is compared within bounds. Not thread-safe.
 */
public final class PurgeSurvey {
    private static final Path VERIFIED = Path.of("verified");

    private final Instant now;
    private final LongConsumer progress;
    private final VerifiedFiles verified;
    private final ForgottenSources forgotten;
    private final TapeLibrary library;
    private final TapeScan scan = new TapeScan();
    private @Nullable SourceComparison comparison;
    private final boolean trustsTapes;
    private long bytesLeft;
    private int filesLeft;

    /**
     * The bounds of a survey.
     *
     * @param bytes limit of the bytes of files compared
     * @param files limit of the files examined
     * @param trusted time for which an earlier comparison counts while the file is unchanged, without examining its
     *     tape
     */
    public record Bounds(long bytes, int files, Duration trusted) {
        /** Creates bounds of a survey that examines all tapes. */
        public Bounds(long bytes, int files) {
            this(bytes, files, Duration.ZERO);
        }

        /** Bounds for a command that answers at once and may be repeated often. */
        public static final Bounds OFTEN = new Bounds(8L * 1024 * 1024, 20_000, Duration.ofMinutes(10));

        /** Bounds for a command that answers at once but examines all tapes. */
        public static final Bounds SMALL = new Bounds(8L * 1024 * 1024, 20_000);

        /** Bounds for the doctor. */
        public static final Bounds LARGE = new Bounds(512L * 1024 * 1024, Integer.MAX_VALUE);

        /** Bounds for the doctor when asked to read everything. */
        public static final Bounds NONE = new Bounds(Long.MAX_VALUE, Integer.MAX_VALUE);
    }

    private record Candidate(Path file, SourceKind.Session kind, Instant at, BasicFileAttributes facts) {
        long size() {
            return facts.size();
        }
    }

    private PurgeSurvey(KeptHome home, Instant now, Bounds bounds, LongConsumer progress) throws IOException {
        this.now = now;
        this.progress = progress;
        this.verified = new VerifiedFiles(home.state().resolve(VERIFIED));
        this.forgotten = new ForgottenSources(Tombstones.open(home.tapes()));
        this.library = new TapeLibrary(home.tapes());
        this.trustsTapes = verified.examinedWithin(bounds.trusted(), now);
        this.bytesLeft = bounds.bytes();
        this.filesLeft = bounds.files();
    }

    /**
     * Returns the outlook of each root whose agent deletes old sessions.
     *
     * @param roots the followed agents and their roots
     * @param progress receives the numbers of bytes compared
     */
    public static List<PurgeOutlook> of(
            KeptHome home, Map<Provider, List<Path>> roots, Instant now, Bounds bounds, LongConsumer progress)
            throws IOException {
        List<PurgeOutlook> outlooks = new ArrayList<>();
        @Nullable PurgeSurvey survey = null;
        for (Map.Entry<Provider, List<Path>> each : roots.entrySet()) {
            for (Path root : each.getValue()) {
                Optional<Duration> after = Files.isDirectory(root)
                        ? each.getKey().purgesAfter(root).flatMap(AgentSettings::bounded)
                        : Optional.empty();
                if (after.isPresent()) {
                    survey = survey == null ? new PurgeSurvey(home, now, bounds, progress) : survey;
                    outlooks.add(survey.survey(each.getKey(), root.toRealPath(), after.get()));
                }
            }
        }
        if (survey != null) {
            if (!survey.trustsTapes) {
                survey.verified.markExamined(now);
            }
            survey.verified.save();
        }
        return outlooks;
    }

    private PurgeOutlook survey(Provider provider, Path root, Duration after) throws IOException {
        Instant limit = now.minus(after).plus(PurgeOutlook.SOON);
        List<Candidate> candidates = new ArrayList<>();
        SessionTree.walk(provider, root, new SessionTree.Visitor() {
            @Override
            public boolean file(Path file, BasicFileAttributes facts) {
                Instant changed = facts.lastModifiedTime().toInstant();
                if (facts.isRegularFile()
                        && changed.isBefore(limit)
                        && provider.recognize(root.relativize(file)) instanceof SourceKind.Session kind) {
                    candidates.add(new Candidate(file, kind, changed.plus(after), facts));
                }
                return --filesLeft > 0;
            }
        });
        // Files that are deleted first are compared first.
        candidates.sort(Comparator.comparing(Candidate::at).thenComparing(Candidate::file));
        List<Going> going = new ArrayList<>();
        SessionFamilies families = new SessionFamilies();
        for (Candidate candidate : candidates) {
            Going file = examine(provider, root, candidate);
            going.add(file);
            // Files beside it name their session by path only.
            candidate
                    .kind()
                    .ownId(EventHeader.MAIN_LINE)
                    .filter(_ -> candidate.kind().line().equals(EventHeader.MAIN_LINE))
                    .ifPresent(id -> families.addPart(
                            new SessionKey(provider.name(), id), new SessionKey(provider.name(), file.conversation())));
        }
        going.replaceAll(file -> file.of(families.root(new SessionKey(provider.name(), file.conversation()))));
        Instant by = going.stream()
                .map(Going::at)
                .max(Comparator.naturalOrder())
                .map(last -> last.isBefore(now) ? now : last)
                .orElseGet(() -> now.plus(PurgeOutlook.SOON));
        return new PurgeOutlook(AgentStores.agent(provider), provider.name(), root, after, by, going, filesLeft > 0);
    }

    private Going examine(Provider provider, Path root, Candidate candidate) {
        Path named = provider.stableName(root.relativize(candidate.file()))
                .map(root::resolve)
                .orElse(candidate.file());
        String name = TapeLibrary.name(provider.name(), TapeLibrary.sourceId(named));
        Optional<String> trusted = trustsTapes ? verified.session(name, candidate.facts()) : Optional.empty();
        if (trusted.isPresent()) {
            return new Going(candidate.file(), trusted.get(), candidate.at(), FileState.VERIFIED);
        }
        Path folder = library.folder(name);
        Optional<String> fingerprint = VerifiedFiles.fingerprint(candidate.file(), folder);
        Optional<String> known = fingerprint.flatMap(made -> verified.session(name, made));
        if (known.isPresent()) {
            return new Going(candidate.file(), known.get(), candidate.at(), FileState.VERIFIED);
        }
        String unread = candidate.kind().sessionId().orElse(name);
        if (candidate.size() == 0) {
            // There is nothing to keep, and so no tape.
            return new Going(candidate.file(), unread, candidate.at(), FileState.VERIFIED);
        }
        try {
            Optional<StoredTape> tape = tape(provider, candidate.kind(), folder);
            if (tape.isEmpty() || fingerprint.isEmpty()) {
                return new Going(candidate.file(), unread, candidate.at(), withoutTape(provider, root, candidate));
            }
            String session = scan.locate(tape.get()).session().sessionId();
            FileState state = compare(tape.get(), candidate);
            // Still the same, so nothing was written during the comparison.
            if (state == FileState.VERIFIED
                    && fingerprint.equals(VerifiedFiles.fingerprint(candidate.file(), folder))) {
                verified.put(name, session, fingerprint.get());
            }
            return new Going(candidate.file(), session, candidate.at(), state);
        } catch (IOException | RuntimeException unreadable) {
            // A damaged tape fails in many ways; another check names it.
            return new Going(candidate.file(), unread, candidate.at(), FileState.DIFFERENT);
        }
    }

    private FileState withoutTape(Provider provider, Path root, Candidate candidate) {
        return forgotten.contains(provider, root, candidate.file(), candidate.kind())
                ? FileState.FORGOTTEN
                : FileState.NOT_ON_TAPE;
    }

    private static Optional<StoredTape> tape(Provider provider, SourceKind.Session kind, Path folder)
            throws IOException {
        if (!TapeLibrary.isTape(folder)) {
            return Optional.empty();
        }
        TapeManifest manifest = TapeManifest.read(folder);
        long length = manifest.newest().commonPrefixLength()
                + Segments.of(folder, manifest.newest().number()).length();
        return Optional.of(new StoredTape(provider, kind.continuing(manifest.continues()), folder, manifest, length));
    }

    private FileState compare(StoredTape tape, Candidate candidate) throws IOException {
        boolean document = tape.kind().layout() == SourceKind.Layout.DOCUMENT;
        Optional<StoredTape> packed = tape.packed();
        if (!document && packed.isEmpty() && tape.length() < candidate.size()) {
            return FileState.NOT_ON_TAPE;
        }
        if (candidate.size() > bytesLeft) {
            return FileState.NOT_COMPARED;
        }
        bytesLeft -= candidate.size();
        SourceComparison compares = comparison == null ? new SourceComparison() : comparison;
        comparison = compares;
        FileState state = switch (compares.compare(packed.orElse(tape), progress)) {
            case SourceState.Same _ -> FileState.VERIFIED;
            case SourceState.Grown _, SourceState.Gone _ -> FileState.NOT_ON_TAPE;
            case SourceState.Changed _ -> FileState.CHANGED;
            case SourceState.Different _, SourceState.Unreadable _ -> FileState.DIFFERENT;
        };
        progress.accept(candidate.size());
        if (state == FileState.VERIFIED && document) {
            // Only the digest was compared: the tape must also yield the version with that digest.
            try (DocumentVersions versions = new DocumentVersions(tape.folder())) {
                versions.write(versions.all().getLast(), OutputStream.nullOutputStream());
            }
        }
        return state;
    }
}
