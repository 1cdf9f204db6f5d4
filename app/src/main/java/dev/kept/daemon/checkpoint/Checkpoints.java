package dev.kept.daemon.checkpoint;

import dev.kept.daemon.source.DecoderSwap;
import dev.kept.daemon.source.FollowedSource;
import dev.kept.daemon.source.SavedSource;
import dev.kept.daemon.source.SessionSources;
import dev.kept.ingest.source.ResumePoint;
import dev.kept.model.SessionKey;
import dev.kept.provider.Provider;
import dev.kept.provider.StateReader;
import dev.kept.provider.StateWriter;
import dev.kept.session.SessionSnapshotStatusMetadata;
import dev.kept.session.SessionSnapshotStore;
import dev.kept.tape.Generation;
import dev.kept.tape.Segments;
import dev.kept.tape.TapeLibrary;
import dev.kept.tape.TapeReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Saved states of sessions, from which a restart resumes: it then reads of each tape only what came after.
 *
 * <p>A session is saved as a whole, with all its sources, or not at all; so a restored session equals one read from its
 * tapes. Not saved, and read from the tapes, are sessions whose commands are not all decided and durable in their
 * journal, sessions recorded from several sources, sessions of a source that holds several or whose session is not
 * known yet, and very large sessions. A session whose tape is shorter than its state is not restored.
 */
public final class Checkpoints {
    /** Sessions saved in one go while the pipeline does nothing else. */
    static final int SLICE = 64;

    /** Limit of a session in a slice; a larger one is saved at the daemon's end only. */
    private static final int MOST_BYTES_RUNNING = 256 * 1024;

    private final CheckpointFile file;
    private final TapeLibrary tapes;

    public Checkpoints(Path state, Path tapes, String program) {
        this.file = new CheckpointFile(state, program);
        this.tapes = new TapeLibrary(tapes);
    }

    /** The sources that an earlier run left, by the names of their tapes; their sessions are in the store. */
    public record Restored(Map<String, SavedSource> sources) {
        public Map<String, ResumePoint> resumePoints() {
            Map<String, ResumePoint> points = new HashMap<>();
            sources.forEach((tape, source) -> points.put(tape, source.resumePoint()));
            return points;
        }
    }

    /** Restores what is there into an empty store, before anything else happens. */
    public Restored restore(SessionSnapshotStore store, DecoderSwap swap, Collection<Provider> providers)
            throws IOException {
        Map<String, Provider> byName = new HashMap<>();
        providers.forEach(provider -> byName.put(provider.name(), provider));
        Map<String, SavedSource> sources = new HashMap<>();
        file.read(state -> {
            try {
                restore(new StateReader(state), store, swap, byName, sources);
            } catch (IOException notAState) {
                // This session is read from its tapes.
            }
        });
        return new Restored(sources);
    }

    private void restore(
            StateReader in,
            SessionSnapshotStore store,
            DecoderSwap swap,
            Map<String, Provider> providers,
            Map<String, SavedSource> sources)
            throws IOException {
        SessionKey key = new SessionKey(in.text().intern(), in.text());
        Provider provider = providers.get(key.provider());
        if (provider == null) {
            return;
        }
        List<SavedSource> ofSession = in.all(from -> SavedSource.read(provider, key, swap, from));
        if (!ofSession.stream().allMatch(this::isOnTape)) {
            ofSession.forEach(source -> source.decoder().discard());
            return;
        }
        SessionKey held = store.restore(in);
        if (!held.equals(key)) {
            throw new IOException("not a state: " + held + " stands under " + key);
        }
        ofSession.forEach(source -> sources.put(source.tape(), source));
    }

    private boolean isOnTape(SavedSource source) {
        ResumePoint point = source.resumePoint();
        Path folder = tapes.folder(source.tape());
        try {
            // Nearly all tapes have one generation, which shares nothing: the manifest need not be read.
            return point.generation() == 1
                    ? point.offset() <= Segments.of(folder, Generation.FIRST).length()
                    : isInGeneration(folder, point);
        } catch (IOException gone) {
            return false;
        }
    }

    private static boolean isInGeneration(Path folder, ResumePoint point) throws IOException {
        try (TapeReader tape = TapeReader.open(folder)) {
            return point.generation() <= tape.manifest().newest().number()
                    && point.offset() <= tape.length(point.generation());
        }
    }

    /** Saves everything. Called at the end of the daemon, when nothing changes any more. */
    public void save(SessionSnapshotStore store, SessionSources sources, Predicate<SessionKey> mayBeSaved)
            throws IOException {
        try (CheckpointFile.Writer writer = file.write()) {
            for (SessionSnapshotStatusMetadata session : store.listMetadataOnly()) {
                SessionKey key = session.key();
                List<FollowedSource> all = sources.of(key);
                if (mayBeSaved.test(key) && canBeSaved(all)) {
                    writer.add(out -> write(store, key, all, out));
                }
            }
            writer.commit();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /** Saves while the daemon runs: asks for slices until it has all. Any thread but the pipeline's. */
    public void save(Slices slices) throws IOException, InterruptedException {
        try (CheckpointFile.Writer writer = file.write()) {
            List<SessionKey> keys = slices.keys();
            for (int from = 0; from < keys.size(); from += SLICE) {
                for (byte[] state : slices.states(keys.subList(from, Math.min(keys.size(), from + SLICE)))) {
                    writer.add(out -> out.write(state));
                }
            }
            writer.commit();
        }
    }

    /** Access to the pipeline's state, a slice at a time. */
    public interface Slices {
        List<SessionKey> keys() throws IOException, InterruptedException;

        List<byte[]> states(List<SessionKey> keys) throws IOException, InterruptedException;
    }

    /** Returns the states of some sessions. On the pipeline thread. */
    public static List<byte[]> slice(
            SessionSnapshotStore store,
            SessionSources sources,
            Collection<SessionKey> keys,
            Predicate<SessionKey> mayBeSaved)
            throws IOException {
        List<byte[]> states = new ArrayList<>(keys.size());
        for (SessionKey key : keys) {
            List<FollowedSource> all = sources.of(key);
            if (mayBeSaved.test(key)
                    && store.metadata(key).isPresent()
                    && canBeSaved(all)
                    && stateBytes(all) < MOST_BYTES_RUNNING) {
                ByteArrayOutputStream out = new ByteArrayOutputStream();
                write(store, key, all, out);
                states.add(out.toByteArray());
            }
        }
        return states;
    }

    private static boolean canBeSaved(List<FollowedSource> all) {
        return !all.isEmpty() && all.stream().allMatch(FollowedSource::canBeSaved);
    }

    private static long stateBytes(List<FollowedSource> all) {
        return all.stream().mapToLong(source -> source.decoder().stateBytes()).sum();
    }

    private static void write(SessionSnapshotStore store, SessionKey key, List<FollowedSource> sources, OutputStream to)
            throws IOException {
        StateWriter out = new StateWriter(to);
        out.text(key.provider());
        out.text(key.sessionId());
        out.number(sources.size());
        for (FollowedSource source : sources) {
            source.save(out);
        }
        store.save(key, out);
    }
}
