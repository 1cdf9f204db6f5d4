package dev.kept.recording;

import dev.kept.model.ConversationEvent;
import dev.kept.model.TapePosition;
import dev.kept.recording.contract.RecordingContext;
import dev.kept.recording.contract.RecordingReport;
import dev.kept.recording.journal.RecordingPlan;
import dev.kept.recording.journal.SessionJournal;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The recordings and exports of one session that are at work, in the order in which they were asked for: that is also the
 * order in which those of one file write to it. What has ended is forgotten. An event is shown to those of its source alone.
 * Owned by the pipeline thread.
 */
final class SessionRecordings {
    private final Map<String, ActiveRecording> byId = new LinkedHashMap<>();
    private final Map<String, List<ActiveRecording>> bySource = new HashMap<>(2);
    private final Map<Path, List<ActiveRecording>> byFile = new HashMap<>();
    private final SessionRecorder recorder;
    private final RecordingContext context;
    private final SessionRegistry sessionRegistry;

    SessionRecordings(SessionRecorder recorder, RecordingContext context, SessionRegistry sessionRegistry) {
        this.recorder = recorder;
        this.context = context;
        this.sessionRegistry = sessionRegistry;
    }

    /** Goes on with one of an earlier run. */
    void resume(RecordedSession session, SessionJournal.Open open) {
        add(ActiveRecording.resumed(context, session, open));
    }

    /** Begins one that was just decided. */
    void start(RecordedSession session, RecordingPlan plan) {
        add(ActiveRecording.starting(context, session, plan));
    }

    private void add(ActiveRecording recording) {
        RecordingPlan plan = recording.plan();
        byId.put(plan.recordingId(), recording);
        bySource.computeIfAbsent(plan.sourceId(), _ -> new ArrayList<>(1)).add(recording);
        byFile.computeIfAbsent(plan.path(), _ -> new ArrayList<>(1)).add(recording);
        sessionRegistry.opened(plan.recordingId(), recorder);
    }

    boolean isEmpty() {
        return byId.isEmpty();
    }

    boolean areOf(String sourceId) {
        return bySource.containsKey(sourceId);
    }

    /** True when no earlier recording is still writing to the file of that one. */
    boolean mayWrite(ActiveRecording recording) {
        for (ActiveRecording earlier : byFile.getOrDefault(recording.plan().path(), List.of())) {
            if (earlier == recording) {
                return true;
            }
            if (!earlier.ended()) {
                return false;
            }
        }
        return true;
    }

    /** The next event of a source's main line. */
    void deliver(String sourceId, ConversationEvent event) {
        List<ActiveRecording> its = of(sourceId);
        its.forEach(recording -> recording.deliver(event));
        dropEnded(its);
    }

    /** An earlier run was shown the events of a source up to where it is now. */
    void takenUp(String sourceId) {
        List<ActiveRecording> its = of(sourceId);
        its.forEach(ActiveRecording::takenUp);
        dropEnded(its);
    }

    /** Events of a source were passed over. */
    void missed(String sourceId) {
        List<ActiveRecording> its = of(sourceId);
        its.forEach(ActiveRecording::missed);
        dropEnded(its);
    }

    private List<ActiveRecording> of(String sourceId) {
        return bySource.getOrDefault(sourceId, List.of());
    }

    /** One ends before that place. */
    void endAt(String recordingId, TapePosition place) {
        changed(recordingId, recording -> recording.endAt(place));
    }

    /** What a worker says of one. */
    void report(RecordingReport.OfRecording report) {
        changed(report.recordingId(), recording -> recording.report(report));
    }

    private void changed(String recordingId, Consumer<ActiveRecording> change) {
        ActiveRecording recording = byId.get(recordingId);
        if (recording != null) {
            change.accept(recording);
            dropEnded(List.of(recording));
        }
    }

    /** What any of them waited for may be there. */
    void goOn() {
        List<ActiveRecording> all = List.copyOf(byId.values());
        all.forEach(ActiveRecording::goOn);
        dropEnded(all);
    }

    /** Time has passed. */
    void tick(Instant now) {
        byId.values().forEach(recording -> recording.tick(now));
    }

    List<RecordingStatus> statuses() {
        return byId.values().stream().map(ActiveRecording::status).toList();
    }

    private void dropEnded(List<ActiveRecording> touched) {
        touched.stream().filter(ActiveRecording::ended).toList().forEach(this::drop);
    }

    private void drop(ActiveRecording recording) {
        RecordingPlan plan = recording.plan();
        if (byId.remove(plan.recordingId()) == null) {
            return;
        }
        sessionRegistry.closed(plan.recordingId());
        leave(bySource, plan.sourceId(), recording);
        leave(byFile, plan.path(), recording);
        // What waited for the file goes on, and may have nothing to do.
        List<ActiveRecording> waited = List.copyOf(byFile.getOrDefault(plan.path(), List.of()));
        waited.forEach(ActiveRecording::goOn);
        dropEnded(waited);
    }

    private static <K> void leave(Map<K, List<ActiveRecording>> index, K key, ActiveRecording recording) {
        index.computeIfPresent(key, (_, all) -> {
            all.remove(recording);
            return all.isEmpty() ? null : all;
        });
    }
}
