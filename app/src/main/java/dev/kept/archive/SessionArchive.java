package dev.kept.archive;

import dev.kept.config.KeptHome;
import dev.kept.config.KeptVersion;
import dev.kept.model.SessionKey;
import dev.kept.provider.Provider;
import dev.kept.provider.SourceKind;
import dev.kept.recording.RecordingStatus;
import dev.kept.recording.journal.JournalFiles;
import dev.kept.recording.journal.SessionJournal;
import dev.kept.tape.Segments;
import dev.kept.tape.TapeLibrary;
import dev.kept.tape.TapeManifest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * All sessions on disk. Reads tapes and journals, and writes only its cache in {@code state/}; a daemon may run at the
 * same time. Not thread-safe.
 */
public final class SessionArchive {
    private final KeptHome home;
    private final List<Provider> providers;
    private final TapeLibrary library;
    private final List<Damage> damaged = new ArrayList<>();

    /** A tape whose manifest cannot be read: left alone, and reported. */
    public record Damage(Path folder, String message) {}

    /** A listener for the progress of reading tapes. */
    public interface Progress {
        /** A listener that does nothing. */
        Progress NONE = new Progress() {
            @Override
            public void begin(long tapes, long bytes) {}

            @Override
            public void read(long bytes) {}
        };

        /** Announces the amount to be read. Called once, and only if there is any. */
        void begin(long tapes, long bytes);

        /** Reports the number of bytes read since the previous call. */
        void read(long bytes);
    }

    public SessionArchive(KeptHome home, List<Provider> providers) {
        this.home = home;
        this.providers = List.copyOf(providers);
        this.library = new TapeLibrary(home.tapes());
    }

    /** Returns the tapes that could not be opened by any call so far. */
    public List<Damage> damaged() {
        return List.copyOf(damaged);
    }

    /** Returns all tapes; reads manifests only. */
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
            TapeManifest manifest = TapeManifest.read(folder);
            long length = manifest.newest().commonPrefixLength()
                    + Segments.of(folder, manifest.newest().number()).length();
            return provider.recognize(manifest.root().relativize(manifest.path())) instanceof SourceKind.Session kind
                    ? Optional.of(
                            new StoredTape(provider, kind.continuing(manifest.continues()), folder, manifest, length))
                    : Optional.empty();
        } catch (IOException | IllegalArgumentException e) {
            damaged.add(new Damage(folder, String.valueOf(e.getMessage())));
            return Optional.empty();
        }
    }

    /** Returns all sessions. Reads only tapes that grew since they were last listed. */
    public List<StoredSession> sessions(Progress progress) throws IOException {
        List<StoredTape> all = tapes();
        return sessions(all, all, cache(), progress);
    }

    /**
     * Returns the sessions that match an id or its beginning: their own, or one of their files. Other tapes are read
     * only as far as needed to determine their place.
     */
    public List<StoredSession> sessionsLike(String beginning, Progress progress) throws IOException {
        if (beginning.isEmpty()) {
            return sessions(progress);
        }
        List<StoredTape> all = tapes();
        MetadataCache cache = cache();
        place(all, cache);
        return sessions(SessionSets.of(all, cache).like(beginning), all, cache, progress);
    }

    /**
     * Returns the ids of an agent's sessions, and of the files that belong to one. Tapes are read only as far as needed
     * to determine their place.
     */
    Set<String> ids(String provider) throws IOException {
        List<StoredTape> all = tapes().stream()
                .filter(tape -> tape.provider().name().equals(provider))
                .toList();
        MetadataCache cache = cache();
        place(all, cache);
        Set<String> ids = new HashSet<>();
        for (StoredTape tape : all) {
            cache.place(tape).ifPresent(place -> {
                ids.add(place.session().sessionId());
                tape.kind().ownId(place.branch()).ifPresent(ids::add);
            });
        }
        return ids;
    }

    /** Determines the unknown places of tapes. */
    private void place(List<StoredTape> tapes, MetadataCache cache) {
        TapeScan scan = new TapeScan();
        for (StoredTape tape : tapes) {
            if (cache.place(tape).isEmpty()) {
                try {
                    cache.put(tape, scan.locate(tape));
                } catch (IOException e) {
                    damaged.add(new Damage(tape.folder(), String.valueOf(e.getMessage())));
                }
            }
        }
        cache.save();
    }

    /** Returns the session of that key; empty if no tape has it. */
    public Optional<StoredSession> session(SessionKey key, Progress progress) throws IOException {
        return sessionsLike(key.sessionId(), progress).stream()
                .filter(session -> session.key().equals(key))
                .findFirst();
    }

    /** Returns the tapes in which no person wrote anything; reads them completely. */
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

    private MetadataCache cache() {
        return new MetadataCache(home.state().resolve("sessions.jsonl"), KeptVersion.current());
    }

    private List<StoredSession> sessions(
            List<StoredTape> wanted, List<StoredTape> all, MetadataCache cache, Progress progress) {
        List<StoredTape> unknown =
                wanted.stream().filter(tape -> cache.get(tape).isEmpty()).toList();
        if (!unknown.isEmpty()) {
            progress.begin(
                    unknown.size(),
                    unknown.stream().mapToLong(StoredTape::length).sum());
            TapeScan scan = new TapeScan();
            for (StoredTape tape : unknown) {
                try {
                    cache.put(tape, scan.read(tape, progress::read));
                } catch (IOException e) {
                    damaged.add(new Damage(tape.folder(), String.valueOf(e.getMessage())));
                }
            }
            cache.save();
        }
        Set<Path> folders = new HashSet<>();
        wanted.forEach(tape -> folders.add(tape.folder()));
        return SessionSets.of(all, cache).sessions(cache).stream()
                .filter(session -> session.tapes().stream().anyMatch(tape -> folders.contains(tape.folder())))
                .toList();
    }

    /** Returns the recordings that were open when the daemon ended, and will continue when it runs again. */
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
