package dev.kept.recording;

import dev.kept.recording.RecordingReport.Recovered;
import dev.kept.recording.RecordingReport.Written;
import dev.kept.recording.RecordingWorkers.WriteRequest;
import dev.kept.recording.destination.DestinationRefusedException;
import dev.kept.recording.destination.OpenDestination;
import dev.kept.recording.destination.PathPolicy;
import dev.kept.recording.destination.PathVerdict;
import dev.kept.recording.destination.SafeDestinationOpener;
import dev.kept.recording.journal.JournalFiles;
import dev.kept.recording.journal.RecordingPlan;
import dev.kept.recording.journal.RecordingProgress;
import dev.kept.recording.journal.WriteIntent;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.time.Clock;
import java.util.Arrays;
import java.util.Optional;

/**
 * Appends chunks to recordings so that each stands there once, whatever happens.
 *
 * <p>The intent, which holds the payload, is durable before the first byte is appended. After a crash the file tells the
 * rest: the payload stands where it was to go, or a beginning of it does and ends the file, or nothing of it does. Text
 * that a person added or removed in between moves it: then it is looked for near the end. What cannot be told is reported
 * and left as it is, so that a turn may be missing once but is never there twice.
 *
 * <p>Stateless; blocks as long as the destination does.
 */
final class DestinationFiles {
    /** How far before the end of a file that a person changed the payload is looked for. */
    private static final int SEARCH_BYTES = 256 * 1024;

    private final PathPolicy policy;
    private final SafeDestinationOpener opener;
    private final JournalFiles journals;
    private final AssetFiles assets = new AssetFiles();
    private final Clock clock;

    DestinationFiles(PathPolicy policy, JournalFiles journals, Clock clock) {
        this.policy = policy;
        this.opener = new SafeDestinationOpener(policy.recordings());
        this.journals = journals;
        this.clock = clock;
    }

    Written.Outcome write(WriteRequest request) {
        RecordingPlan plan = request.plan();
        switch (policy.decide(plan.path())) {
            case PathVerdict.Denied(var refusal) -> {
                return new Written.Refused(refusal);
            }
            case PathVerdict.Allowed allowed -> {
                if (request.expectFile() && !Files.exists(allowed.canonical(), LinkOption.NOFOLLOW_LINKS)) {
                    return new Written.Vanished();
                }
                try (OpenDestination file = opener.open(allowed)) {
                    return append(request, file);
                } catch (DestinationRefusedException e) {
                    return new Written.Refused(e.refusal());
                } catch (IOException e) {
                    return new Written.Failed(plan.path() + " cannot be written: " + e.getMessage());
                }
            }
        }
    }

    private Written.Outcome append(WriteRequest request, OpenDestination file) throws IOException {
        assets.write(request.tapeFolder(), file.path(), request.assets());
        String separator = ForeignText.separator(file, request.before().chunk() == 0);
        byte[] payload = (separator + request.text()).getBytes(StandardCharsets.UTF_8);
        RecordingProgress after = request.after();
        journals.write(request.plan(), new WriteIntent(payload, file.size(), request.before(), after));
        ByteBuffer bytes = ByteBuffer.wrap(payload);
        while (bytes.hasRemaining()) {
            file.appender().write(bytes);
        }
        file.appender().force(false);
        return new Written.Done(new RecordingProgress(
                after.chunk(),
                after.next(),
                after.writerState(),
                file.fileKey(),
                file.size() + payload.length,
                clock.instant()));
    }

    /** Finds out whether the chunk after {@code progress} was written, and completes one that was cut off. */
    Recovered recover(RecordingPlan plan, RecordingProgress progress) {
        String id = plan.recordingId();
        try {
            long size = Files.exists(plan.path(), LinkOption.NOFOLLOW_LINKS) ? Files.size(plan.path()) : -1;
            Optional<WriteIntent> intent = journals.lastIntent(plan);
            if (intent.isEmpty() || intent.get().after().chunk() <= progress.chunk()) {
                return new Recovered(id, progress, size, Optional.empty());
            }
            // The intent is written by another thread than the journal, and may know of chunks that the journal does
            // not.
            RecordingProgress sure = intent.get().before();
            return size < 0 ? new Recovered(id, sure, size, Optional.empty()) : settle(plan, sure, intent.get(), size);
        } catch (IOException e) {
            return new Recovered(
                    id,
                    progress,
                    -1,
                    Optional.of("how far " + plan.path() + " was written cannot be seen: " + e.getMessage()));
        }
    }

    private Recovered settle(RecordingPlan plan, RecordingProgress progress, WriteIntent intent, long size)
            throws IOException {
        byte[] payload = intent.payload();
        try (FileChannel file = FileChannel.open(plan.path(), LinkOption.NOFOLLOW_LINKS)) {
            byte[] there = read(file, intent.base(), payload.length);
            if (Arrays.equals(there, payload)) {
                return done(plan, intent, size);
            }
            boolean cutOff =
                    intent.base() + there.length == size && Arrays.equals(there, Arrays.copyOf(payload, there.length));
            if (cutOff) {
                return there.length == 0
                        ? new Recovered(plan.recordingId(), progress, size, Optional.empty())
                        : complete(plan, intent, there.length, size);
            }
            long from = Math.max(0, size - SEARCH_BYTES - payload.length);
            byte[] end = read(file, from, (int) (size - from));
            if (indexOf(end, payload) >= 0) {
                return done(plan, intent, size);
            }
            if (indexOf(end, Arrays.copyOf(payload, Math.min(payload.length, 64))) < 0 && size <= intent.base()) {
                // A person made it shorter meanwhile, and nothing of the payload stands in it.
                return new Recovered(plan.recordingId(), progress, size, Optional.empty());
            }
            return new Recovered(
                    plan.recordingId(),
                    progressAfter(intent, size),
                    size,
                    Optional.of(plan.path() + " was changed while Kept was writing to it and ended; whether its last "
                            + payload.length + " bytes were written cannot be told, so they are not written again."));
        }
    }

    private Recovered complete(RecordingPlan plan, WriteIntent intent, int done, long size) throws IOException {
        byte[] rest = Arrays.copyOfRange(intent.payload(), done, intent.payload().length);
        switch (policy.decide(plan.path())) {
            case PathVerdict.Denied(var refusal) -> {
                return new Recovered(
                        plan.recordingId(), progressAfter(intent, size), size, Optional.of(refusal.message()));
            }
            case PathVerdict.Allowed allowed -> {
                try (OpenDestination file = opener.open(allowed)) {
                    ByteBuffer bytes = ByteBuffer.wrap(rest);
                    while (bytes.hasRemaining()) {
                        file.appender().write(bytes);
                    }
                    file.appender().force(false);
                }
                return done(plan, intent, size + rest.length);
            }
        }
    }

    private Recovered done(RecordingPlan plan, WriteIntent intent, long size) {
        return new Recovered(plan.recordingId(), progressAfter(intent, size), size, Optional.empty());
    }

    private static RecordingProgress progressAfter(WriteIntent intent, long size) {
        RecordingProgress after = intent.after();
        return new RecordingProgress(
                after.chunk(), after.next(), after.writerState(), after.fileKey(), size, after.at());
    }

    private static byte[] read(FileChannel file, long from, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        while (bytes.hasRemaining() && file.read(bytes, from + bytes.position()) > 0) {
            // Until all is read, or the file ends.
        }
        return Arrays.copyOf(bytes.array(), bytes.position());
    }

    private static int indexOf(byte[] where, byte[] what) {
        for (int at = 0; at + what.length <= where.length; at++) {
            if (Arrays.equals(where, at, at + what.length, what, 0, what.length)) {
                return at;
            }
        }
        return -1;
    }
}
