package dev.kept.archive;

import dev.kept.config.KeptHome;
import dev.kept.config.KeptVersion;
import dev.kept.model.SessionKey;
import dev.kept.provider.Provider;
import dev.kept.provider.SourceKind;
import dev.kept.recording.RecordingStatus;
import dev.kept.recording.journal.JournalFiles;
import dev.kept.recording.journal.SessionJournal;
import dev.kept.session.SessionSnapshotStatusMetadata;
import dev.kept.tape.Segments;
import dev.kept.tape.SourceCard;
import dev.kept.tape.TapeLibrary;
import dev.kept.text.SafeId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * All sessions on disk. Reads tapes and journals, and writes nothing but its cache in {@code state/}; a daemon may run
 * meanwhile. Not thread-safe.
 */
public final class SessionArchive {
    private final KeptHome home;
    private final List<Provider> providers;
    private final TapeLibrary library;
    private final List<Damage> damaged = new ArrayList<>();

    /** A tape whose card cannot be read: left alone, and told. */
    public record Damage(Path folder, String message) {}

    /** Told while tapes are read whole. */
    public interface Progress {
        /** Nobody looks. */
        Progress NONE = new Progress() {
            @Override
            public void begin(long tapes, long bytes) {}

            @Override
            public void read(long bytes) {}
        };

        /** So much is to be read. Called once, and only when there is something. */
        void begin(long tapes, long bytes);

        /** So many bytes more were read. */
        void read(long bytes);
    }

    public SessionArchive(KeptHome home, List<Provider> providers) {
        this.home = home;
        this.providers = List.copyOf(providers);
        this.library = new TapeLibrary(home.tapes());
    }

    /** The tapes that could not be opened, of all calls so far. */
    public List<Damage> damaged() {
        return List.copyOf(damaged);
    }

    /** All tapes; reads cards only. */
    public List<StoredTape> tapes() throws IOException {
        return tapes(_ -> true);
    }

    private List<StoredTape> tapes(Predicate<Path> folders) throws IOException {
        List<StoredTape> tapes = new ArrayList<>();
        for (Provider provider : providers) {
            for (Path folder : library.tapes(provider.name())) {
                if (folders.test(folder)) {
                    open(provider, folder).ifPresent(tapes::add);
                }
            }
        }
        return tapes;
    }

    private Optional<StoredTape> open(Provider provider, Path folder) {
        try {
            SourceCard card = SourceCard.read(folder);
            long length = card.newest().commonPrefixLength()
                    + Segments.of(folder, card.newest().number()).length();
            return provider.recognize(card.root().relativize(card.path())) instanceof SourceKind.Session kind
                    ? Optional.of(new StoredTape(provider, kind, folder, card, length))
                    : Optional.empty();
        } catch (IOException | IllegalArgumentException e) {
            damaged.add(new Damage(folder, String.valueOf(e.getMessage())));
            return Optional.empty();
        }
    }

    /** All sessions. Tapes that grew since they were last listed are read; the rest is known. */
    public List<StoredSession> sessions(Progress progress) throws IOException {
        return sessions(tapes(), progress);
    }

    /**
     * The sessions whose id may be meant by that beginning of one, by the names of tapes where these tell the id: so that
     * one session is found without reading all others.
     */
    public List<StoredSession> sessionsLike(String beginning, Progress progress) throws IOException {
        List<StoredTape> all = tapes();
        Predicate<StoredTape> may = tape -> tape.kind()
                .sessionId()
                .map(id -> id.startsWith(beginning) || id.equals(SafeId.of(beginning)))
                .orElse(true);
        return sessions(all.stream().filter(may).toList(), progress);
    }

    /** The session of that key; empty if no tape has it. */
    public Optional<StoredSession> session(SessionKey key, Progress progress) throws IOException {
        return sessionsLike(key.sessionId(), progress).stream()
                .filter(session -> session.key().equals(key))
                .findFirst();
    }

    /** Those of these tapes on which no person said anything; reads them whole. */
    public static List<StoredTape> silent(List<StoredTape> tapes) throws IOException {
        List<StoredTape> silent = new ArrayList<>();
        TapeScan scan = new TapeScan();
        for (StoredTape tape : tapes) {
            if (scan.read(tape, _ -> {}).metadata().snippet().isEmpty()) {
                silent.add(tape);
            }
        }
        return silent;
    }

    private List<StoredSession> sessions(List<StoredTape> tapes, Progress progress) throws IOException {
        MetadataCache cache = new MetadataCache(home.state().resolve("sessions.jsonl"), KeptVersion.current());
        List<StoredTape> unknown =
                tapes.stream().filter(tape -> cache.get(tape).isEmpty()).toList();
        if (!unknown.isEmpty()) {
            progress.begin(
                    unknown.size(),
                    unknown.stream().mapToLong(StoredTape::length).sum());
            TapeScan scan = new TapeScan();
            for (StoredTape tape : unknown) {
                try {
                    cache.put(tape, scan.read(tape, progress::read).metadata());
                } catch (IOException e) {
                    damaged.add(new Damage(tape.folder(), String.valueOf(e.getMessage())));
                }
            }
            cache.save();
        }
        return grouped(tapes, cache);
    }

    private static List<StoredSession> grouped(List<StoredTape> tapes, MetadataCache cache) {
        List<StoredTape> mainFirst = new ArrayList<>(tapes);
        mainFirst.sort(Comparator.comparing((StoredTape tape) -> !tape.isMainLine())
                .thenComparing(tape -> tape.card().firstSeen()));
        Map<SessionKey, List<StoredTape>> bySession = new LinkedHashMap<>();
        Map<StoredTape, SessionSnapshotStatusMetadata> known = new HashMap<>();
        for (StoredTape tape : mainFirst) {
            cache.get(tape).ifPresent(metadata -> {
                known.put(tape, StoredMetadata.seen(metadata, tape));
                bySession
                        .computeIfAbsent(metadata.key(), _ -> new ArrayList<>())
                        .add(tape);
            });
        }
        nameFolders(known);
        List<StoredSession> sessions = new ArrayList<>(bySession.size());
        bySession.forEach((key, of) -> sessions.add(new StoredSession(
                key,
                of,
                StoredMetadata.merged(of.stream()
                        .flatMap(tape -> Optional.ofNullable(known.get(tape)).stream())
                        .toList()))));
        return sessions;
    }

    /** Names the folders that only a digest tells and in which another session, of any agent, was. */
    private static void nameFolders(Map<StoredTape, SessionSnapshotStatusMetadata> known) {
        Set<String> folders = new LinkedHashSet<>();
        known.values().forEach(metadata -> folders.add(metadata.workingDirectory()));
        folders.remove("");
        known.replaceAll((tape, metadata) -> metadata.workingDirectory().isEmpty()
                ? folders.stream()
                        .filter(tape::isMadeOf)
                        .findFirst()
                        .map(folder -> StoredMetadata.in(metadata, folder))
                        .orElse(metadata)
                : metadata);
    }

    /** What was recorded when the daemon ended, and will go on when it runs again. */
    public List<RecordingStatus> recordings() throws IOException {
        List<RecordingStatus> all = new ArrayList<>();
        for (JournalFiles.StoredJournal stored : new JournalFiles(home.journals()).readAll()) {
            SessionJournal journal = new SessionJournal();
            stored.entries().forEach(journal::apply);
            for (SessionJournal.Open open : journal.open()) {
                all.add(new RecordingStatus(
                        open.plan().recordingId(),
                        stored.session(),
                        open.plan().purpose(),
                        open.plan().path(),
                        open.plan().startedAt(),
                        open.progress().chunk() > 0
                                ? Optional.of(open.progress().at())
                                : Optional.empty(),
                        Optional.empty()));
            }
        }
        return all;
    }
}
