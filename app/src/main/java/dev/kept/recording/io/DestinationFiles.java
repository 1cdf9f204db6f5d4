package dev.kept.recording.io;

import dev.kept.model.TapeReference;
import dev.kept.recording.contract.RecordingReport.Recovered;
import dev.kept.recording.contract.RecordingReport.Written;
import dev.kept.recording.contract.RecordingWorkers.WriteRequest;
import dev.kept.recording.destination.DestinationAccess;
import dev.kept.recording.destination.DestinationAccess.Irregular;
import dev.kept.recording.destination.DestinationAccess.Missing;
import dev.kept.recording.destination.DestinationAccess.Regular;
import dev.kept.recording.destination.DestinationRefusedException;
import dev.kept.recording.destination.OpenDestination;
import dev.kept.recording.destination.PathVerdict;
import dev.kept.recording.journal.JournalFiles;
import dev.kept.recording.journal.RecordingPlan;
import dev.kept.recording.journal.RecordingProgress;
import dev.kept.recording.journal.WriteIntent;
import dev.kept.recording.render.AssetFiles;
import dev.kept.replay.ToolOutputFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The writer of chunks, which appends each to its recording so that it is in the file exactly once, whatever happens.
 *
 * <p>The intent, which holds the payload, is durable before the first byte is appended. The directory entries of new
 * folders and of the file are durable before the chunk counts as written. After a crash the file shows what happened:
 * it holds the whole payload where it belongs, or ends with a beginning of it, or holds none of it. Text that a person
 * added or removed in between shifts it; then it is searched near the end. Another file at the path, as editors leave
 * that save by renaming, holds the payload only if it was copied there. What cannot be decided is reported and left as
 * it is, so that a turn may be missing once but is never there twice. As long as the file cannot be inspected, nothing
 * is written.
 *
 * <p>Thread-safe; blocks as long as the destination does.
 */
final class DestinationFiles {
    /** Length of the search for the payload, from the end of a file that a person changed. */
    private static final int SEARCH_BYTES = 256 * 1024;

    private static final int HEAD_BYTES = 64;
    private static final int MAX_ATTEMPTS = 20;
    private static final Duration RETRY_DELAY = Duration.ofMillis(100);

    private final DestinationAccess access;
    private final JournalFiles journals;
    private final AssetFiles assets = new AssetFiles();
    private final ToolOutputFiles outputs;
    private final Clock clock;

    /** Recordings whose file was in an earlier state when it was last inspected, with what was seen then. */
    private final Map<String, String> doubtful = new ConcurrentHashMap<>();

    /** Recordings that waited for an output in vain; they do not wait again. */
    private final Set<String> impatient = ConcurrentHashMap.newKeySet();

    DestinationFiles(DestinationAccess access, JournalFiles journals, ToolOutputFiles outputs, Clock clock) {
        this.access = access;
        this.outputs = outputs;
        this.journals = journals;
        this.clock = clock;
    }

    Written.Outcome write(WriteRequest request) {
        RecordingPlan plan = request.plan();
        switch (access.decide(plan.path())) {
            case PathVerdict.Denied(var refusal) -> {
                return new Written.Refused(refusal);
            }
            case PathVerdict.Allowed allowed -> {
                try {
                    if (request.expectFile() && access.inspect(allowed.canonical()) instanceof Missing) {
                        return new Written.Vanished();
                    }
                    try (OpenDestination file = access.open(allowed)) {
                        return write(request, file);
                    }
                } catch (DestinationRefusedException e) {
                    return new Written.Refused(e.refusal());
                } catch (IOException e) {
                    return new Written.Failed(plan.path() + " cannot be written: " + e.getMessage());
                }
            }
        }
    }

    private Written.Outcome write(WriteRequest request, OpenDestination file) throws IOException {
        RecordingPlan plan = request.plan();
        Optional<RecordingProgress> earlier =
                request.expectFile() ? EarlierState.of(plan, request.before(), file, journals) : Optional.empty();
        if (earlier.isEmpty()) {
            doubtful.remove(plan.recordingId());
            return append(request, file);
        }
        String seen = file.fileKey() + " " + file.size();
        if (!seen.equals(doubtful.put(plan.recordingId(), seen))) {
            return new Written.Shortened();
        }
        doubtful.remove(plan.recordingId());
        String line = EarlierState.below(plan, file);
        RecordingProgress after = request.before().onwards(earlier.get().mark(), clock.instant());
        return appended(plan, file, line.getBytes(StandardCharsets.UTF_8), request.before(), after)
                .<Written.Outcome>map(Written.PutBack::new)
                .orElseGet(Written.Replaced::new);
    }

    private Written.Outcome append(WriteRequest request, OpenDestination file) throws IOException {
        assets.write(request.tapeFolder(), file.path(), request.assets(), reference -> tape(request.plan(), reference));
        for (Path folder : file.unforced()) {
            access.force(folder);
        }
        String separator = continuesLine(request.before(), file)
                ? ""
                : ForeignText.separator(file, request.before().chunk() == 0);
        byte[] payload = (separator + request.text()).getBytes(StandardCharsets.UTF_8);
        return appended(request.plan(), file, payload, request.before(), request.after())
                .<Written.Outcome>map(Written.Done::new)
                .orElseGet(Written.Replaced::new);
    }

    /**
     * Appends a payload so that a crash at any time leaves what {@link #recover} understands; empty if the file was
     * replaced.
     */
    private Optional<RecordingProgress> appended(
            RecordingPlan plan, OpenDestination file, byte[] payload, RecordingProgress before, RecordingProgress after)
            throws IOException {
        long base = file.size();
        journals.write(plan, new WriteIntent(payload, base, file.fileKey(), before, after));
        ByteBuffer bytes = ByteBuffer.wrap(payload);
        while (bytes.hasRemaining()) {
            file.appender().write(bytes);
        }
        file.appender().force(false);
        boolean stillThere =
                access.inspect(file.path()) instanceof Regular(String key, long _) && key.equals(file.fileKey());
        if (!stillThere) {
            return Optional.empty();
        }
        RecordingProgress done = after.in(file.fileKey(), base + payload.length, clock.instant());
        EarlierState.note(plan, base, payload, file, done, journals);
        return Optional.of(done);
    }

    /**
     * Returns the tape of an output. The agent writes an output just before it mentions it, so its tape may be some
     * moments behind.
     */
    private Optional<Path> tape(RecordingPlan plan, TapeReference reference) throws IOException {
        Optional<Path> tape = outputs.tape(plan.session(), reference);
        for (int attempts = 0;
                tape.isEmpty() && attempts < MAX_ATTEMPTS && !impatient.contains(plan.recordingId());
                attempts++) {
            try {
                Thread.sleep(RETRY_DELAY);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return tape;
            }
            tape = outputs.tape(plan.session(), reference);
        }
        if (tape.isEmpty()) {
            impatient.add(plan.recordingId());
        }
        return tape;
    }

    /**
     * Reports whether the previous chunk ended inside a line. A turn of several chunks may be cut there, and the next
     * chunk ends that line.
     */
    private static boolean continuesLine(RecordingProgress before, OpenDestination file) {
        return before.mark().written() > 0
                && before.size() == file.size()
                && before.fileKey().equals(file.fileKey());
    }

    /** Finds out whether the chunk after {@code progress} was written, and completes one that was cut off. */
    Recovered recover(RecordingPlan plan, RecordingProgress progress) {
        return new Recovered(plan.recordingId(), inspect(plan, progress));
    }

    private Recovered.Finding inspect(RecordingPlan plan, RecordingProgress progress) {
        try {
            Optional<WriteIntent> last =
                    journals.lastIntent(plan).filter(intent -> intent.after().chunk() > progress.chunk());
            forceEntries(plan.path());
            // Another thread than the journal's writes the intent, which may know of chunks that the journal does not.
            RecordingProgress sure = last.map(WriteIntent::before).orElse(progress);
            return switch (access.inspect(plan.path())) {
                case Missing _ -> new Recovered.Settled(sure, -1, Optional.empty());
                case Irregular _ -> blocked(plan);
                case Regular found ->
                    last.isPresent()
                            ? settle(plan, last.get(), found)
                            : new Recovered.Settled(sure, found.size(), Optional.empty());
            };
        } catch (DestinationRefusedException e) {
            return new Recovered.Blocked(e.refusal());
        } catch (IOException e) {
            return new Recovered.Unseen("how far " + plan.path() + " was written cannot be seen: " + e.getMessage());
        }
    }

    /** Makes the existing folders above a file durable. A run that was killed may have created them. */
    private void forceEntries(Path file) throws IOException {
        if (access.decide(file) instanceof PathVerdict.Allowed(Path canonical, Path root)) {
            for (Path folder = parentOf(canonical); folder.startsWith(root); folder = parentOf(folder)) {
                if (access.inspect(folder) instanceof Irregular) {
                    access.force(folder);
                }
            }
        }
    }

    private Recovered.Finding blocked(RecordingPlan plan) {
        return switch (access.decide(plan.path())) {
            case PathVerdict.Denied(var refusal) -> new Recovered.Blocked(refusal);
            case PathVerdict.Allowed _ -> new Recovered.Unseen(plan.path() + " changed while it was inspected.");
        };
    }

    private Recovered.Finding settle(RecordingPlan plan, WriteIntent intent, Regular found) throws IOException {
        byte[] payload = intent.payload();
        long size = found.size();
        boolean sameFile = found.fileKey().equals(intent.fileKey());
        Recovered.Settled absent = new Recovered.Settled(intent.before(), size, Optional.empty());
        try (FileChannel file = access.read(plan.path())) {
            byte[] there = read(file, intent.base(), payload.length);
            if (Arrays.equals(there, payload)) {
                // A killed daemon leaves the bytes that the system has not written yet.
                file.force(false);
                return done(intent, found, size);
            }
            boolean cutOff =
                    intent.base() + there.length == size && Arrays.equals(there, Arrays.copyOf(payload, there.length));
            if (cutOff) {
                return there.length == 0 ? absent : complete(plan, intent, there.length, found);
            }
            long from = Math.max(0, size - SEARCH_BYTES - payload.length);
            byte[] end = read(file, from, (int) (size - from));
            if (indexOf(end, payload) >= 0) {
                file.force(false);
                return done(intent, found, size);
            }
            boolean untouched = indexOf(end, Arrays.copyOf(payload, Math.min(payload.length, HEAD_BYTES))) < 0;
            if (untouched && (size <= intent.base() || !sameFile)) {
                // A person shortened it, or put another file in its place, and nothing of the payload is in it.
                return absent;
            }
            return new Recovered.Settled(
                    intent.after().in(found.fileKey(), size, intent.after().at()),
                    size,
                    Optional.of(plan.path() + " was changed while Kept was writing to it and ended; whether its last "
                            + payload.length + " bytes were written is unknown, so they are not written again."));
        }
    }

    private Recovered.Finding complete(RecordingPlan plan, WriteIntent intent, int done, Regular found)
            throws IOException {
        byte[] rest = Arrays.copyOfRange(intent.payload(), done, intent.payload().length);
        switch (access.decide(plan.path())) {
            case PathVerdict.Denied(var refusal) -> {
                return new Recovered.Blocked(refusal);
            }
            case PathVerdict.Allowed allowed -> {
                try (OpenDestination file = access.open(allowed)) {
                    if (file.size() != found.size() || !file.fileKey().equals(found.fileKey())) {
                        return new Recovered.Unseen(plan.path() + " changed while it was inspected.");
                    }
                    ByteBuffer bytes = ByteBuffer.wrap(rest);
                    while (bytes.hasRemaining()) {
                        file.appender().write(bytes);
                    }
                    file.appender().force(false);
                }
                return done(intent, found, found.size() + rest.length);
            }
        }
    }

    private static Recovered.Finding done(WriteIntent intent, Regular found, long size) {
        return new Recovered.Settled(
                intent.after().in(found.fileKey(), size, intent.after().at()), size, Optional.empty());
    }

    private static Path parentOf(Path file) {
        return Optional.ofNullable(file.getParent()).orElseThrow();
    }

    private static byte[] read(FileChannel file, long from, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        while (bytes.hasRemaining() && file.read(bytes, from + bytes.position()) > 0) {
            // Until all is read, or the file ends.
        }
        return Arrays.copyOf(bytes.array(), bytes.position());
    }

    static int indexOf(byte[] where, byte[] what) {
        for (int at = 0; at + what.length <= where.length; at++) {
            if (Arrays.equals(where, at, at + what.length, what, 0, what.length)) {
                return at;
            }
        }
        return -1;
    }
}
