package dev.kept.archive;

import dev.kept.archive.PurgeOutlook.Going;
import dev.kept.archive.PurgeOutlook.Standing;
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
 * A survey of the conversations that agents will delete soon, which compares their bytes with the tapes: what was compared before
 * and not touched since counts, the rest is compared as far as a bound goes. Not thread-safe.
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
    private int looksLeft;

    /**
     * The bounds of a survey.
     *
     * @param bytes of files that may be compared
     * @param looks files that may be looked at
     * @param trusted for so long what was compared counts while the file is as it was, without a look at its tape
     */
    public record Bounds(long bytes, int looks, Duration trusted) {
        /** Bounds of a survey that looks at all tapes. */
        public Bounds(long bytes, int looks) {
            this(bytes, looks, Duration.ZERO);
        }

        /** For a command that answers at once, and may be asked again and again. */
        public static final Bounds OFTEN = new Bounds(8L * 1024 * 1024, 20_000, Duration.ofMinutes(10));

        /** The same for one that looks at all tapes. */
        public static final Bounds SMALL = new Bounds(8L * 1024 * 1024, 20_000);

        /** For the doctor. */
        public static final Bounds LARGE = new Bounds(512L * 1024 * 1024, Integer.MAX_VALUE);

        /** For the doctor that is asked to read everything. */
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
        this.trustsTapes = verified.lookedWithin(bounds.trusted(), now);
        this.bytesLeft = bounds.bytes();
        this.looksLeft = bounds.looks();
    }

    /**
     * The outlook for each root whose agent deletes old sessions.
     *
     * @param roots the agents that are followed, and where
     * @param progress told the bytes that were compared
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
                    outlooks.add(survey.look(each.getKey(), root.toRealPath(), after.get()));
                }
            }
        }
        if (survey != null) {
            if (!survey.trustsTapes) {
                survey.verified.looked(now);
            }
            survey.verified.save();
        }
        return outlooks;
    }

    private PurgeOutlook look(Provider provider, Path root, Duration after) throws IOException {
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
                return --looksLeft > 0;
            }
        });
        // What goes first is compared first.
        candidates.sort(Comparator.comparing(Candidate::at).thenComparing(Candidate::file));
        List<Going> going = new ArrayList<>();
        SessionFamilies families = new SessionFamilies();
        for (Candidate candidate : candidates) {
            Going file = look(provider, root, candidate);
            going.add(file);
            // Files beside it name their session by its path alone.
            candidate
                    .kind()
                    .ownId(EventHeader.MAIN_LINE)
                    .filter(_ -> candidate.kind().line().equals(EventHeader.MAIN_LINE))
                    .ifPresent(id -> families.belongs(
                            new SessionKey(provider.name(), id), new SessionKey(provider.name(), file.conversation())));
        }
        going.replaceAll(file -> file.of(families.root(new SessionKey(provider.name(), file.conversation()))));
        Instant by = going.stream()
                .map(Going::at)
                .max(Comparator.naturalOrder())
                .map(last -> last.isBefore(now) ? now : last)
                .orElseGet(() -> now.plus(PurgeOutlook.SOON));
        return new PurgeOutlook(AgentStores.agent(provider), provider.name(), root, after, by, going, looksLeft > 0);
    }

    private Going look(Provider provider, Path root, Candidate candidate) {
        Path named = provider.lastingName(root.relativize(candidate.file()))
                .map(root::resolve)
                .orElse(candidate.file());
        String name = TapeLibrary.name(provider.name(), TapeLibrary.sourceId(named));
        Optional<String> trusted = trustsTapes ? verified.session(name, candidate.facts()) : Optional.empty();
        if (trusted.isPresent()) {
            return new Going(candidate.file(), trusted.get(), candidate.at(), Standing.VERIFIED);
        }
        Path folder = library.folder(name);
        Optional<String> print = VerifiedFiles.print(candidate.file(), folder);
        Optional<String> known = print.flatMap(made -> verified.session(name, made));
        if (known.isPresent()) {
            return new Going(candidate.file(), known.get(), candidate.at(), Standing.VERIFIED);
        }
        String unread = candidate.kind().sessionId().orElse(name);
        if (candidate.size() == 0) {
            // There is nothing to keep, and so no tape.
            return new Going(candidate.file(), unread, candidate.at(), Standing.VERIFIED);
        }
        try {
            Optional<StoredTape> tape = tape(provider, candidate.kind(), folder);
            if (tape.isEmpty() || print.isEmpty()) {
                return new Going(candidate.file(), unread, candidate.at(), withoutTape(provider, root, candidate));
            }
            String session = scan.look(tape.get()).session().sessionId();
            Standing standing = compare(tape.get(), candidate);
            // Nothing was written while it was compared.
            if (standing == Standing.VERIFIED && print.equals(VerifiedFiles.print(candidate.file(), folder))) {
                verified.put(name, session, print.get());
            }
            return new Going(candidate.file(), session, candidate.at(), standing);
        } catch (IOException | RuntimeException unreadable) {
            // A damaged tape fails in many ways: another check names it.
            return new Going(candidate.file(), unread, candidate.at(), Standing.DIFFERENT);
        }
    }

    private Standing withoutTape(Provider provider, Path root, Candidate candidate) {
        return forgotten.contains(provider, root, candidate.file(), candidate.kind())
                ? Standing.FORGOTTEN
                : Standing.NOT_ON_TAPE;
    }

    private static Optional<StoredTape> tape(Provider provider, SourceKind.Session kind, Path folder)
            throws IOException {
        if (!TapeLibrary.isTape(folder)) {
            return Optional.empty();
        }
        TapeManifest card = TapeManifest.read(folder);
        long length = card.newest().commonPrefixLength()
                + Segments.of(folder, card.newest().number()).length();
        return Optional.of(new StoredTape(provider, kind.continuing(card.continues()), folder, card, length));
    }

    private Standing compare(StoredTape tape, Candidate candidate) throws IOException {
        boolean document = tape.kind().layout() == SourceKind.Layout.DOCUMENT;
        Optional<StoredTape> packed = tape.packed();
        if (!document && packed.isEmpty() && tape.length() < candidate.size()) {
            return Standing.NOT_ON_TAPE;
        }
        if (candidate.size() > bytesLeft) {
            return Standing.NOT_COMPARED;
        }
        bytesLeft -= candidate.size();
        SourceComparison compares = comparison == null ? new SourceComparison() : comparison;
        comparison = compares;
        Standing standing = switch (compares.compare(packed.orElse(tape), progress)) {
            case SourceState.Same _ -> Standing.VERIFIED;
            case SourceState.Grown _, SourceState.Gone _ -> Standing.NOT_ON_TAPE;
            case SourceState.Changed _ -> Standing.CHANGED;
            case SourceState.Different _, SourceState.Unreadable _ -> Standing.DIFFERENT;
        };
        progress.accept(candidate.size());
        if (standing == Standing.VERIFIED && document) {
            // Its digest was compared: the version must come out of the tape with that digest.
            try (DocumentVersions versions = new DocumentVersions(tape.folder())) {
                versions.write(versions.all().getLast(), OutputStream.nullOutputStream());
            }
        }
        return standing;
    }
}
