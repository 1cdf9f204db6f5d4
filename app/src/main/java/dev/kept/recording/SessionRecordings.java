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
 * The active recordings and exports of one session, in the order in which they were requested. Those of one file also
 * write to it in that order. Ended ones are dropped. An event is delivered only to the recordings of its source. Owned
 * by the pipeline thread.
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

    /** Resumes a recording of an earlier run. */
    void resume(RecordedSession session, SessionJournal.Open open) {
        add(ActiveRecording.resumed(context, session, open));
    }

    /** Starts a recording that was just decided. */
    void start(RecordedSession session, RecordingPlan plan) {
        add(ActiveRecording.starting(context, session, plan));
    }

    private void add(ActiveRecording recording) {
        RecordingPlan plan = recording.plan();
        byId.put(plan.recordingId(), recording);
        bySource.computeIfAbsent(plan.sourceId(), _ -> new ArrayList<>(1)).add(recording);
        byFile.computeIfAbsent(plan.path(), _ -> new ArrayList<>(1)).add(recording);
        sessionRegistry.register(plan.recordingId(), recorder);
    }

    boolean isEmpty() {
        return byId.isEmpty();
    }

    boolean hasRecordingsOf(String sourceId) {
        return bySource.containsKey(sourceId);
    }

    /** Reports whether no earlier recording is still writing to the same file. */
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

    /** Delivers the next event of a source's main branch. */
    void deliver(String sourceId, ConversationEvent event) {
        List<ActiveRecording> its = of(sourceId);
        its.forEach(recording -> recording.deliver(event));
        dropEnded(its);
    }

    /** Continues the recordings of a source where an earlier run left it. */
    void resumeSource(String sourceId) {
        List<ActiveRecording> its = of(sourceId);
        its.forEach(ActiveRecording::resumeSource);
        dropEnded(its);
    }

    /** Notes that events of a source were skipped. */
    void noteSkipped(String sourceId) {
        List<ActiveRecording> its = of(sourceId);
        its.forEach(ActiveRecording::noteSkipped);
        dropEnded(its);
    }

    private List<ActiveRecording> of(String sourceId) {
        return bySource.getOrDefault(sourceId, List.of());
    }

    /** Sets the place before which a recording ends. */
    void endAt(String recordingId, TapePosition place) {
        update(recordingId, recording -> recording.endAt(place));
    }

    /** Passes on a worker's report about a recording. */
    void report(RecordingReport.OfRecording report) {
        update(report.recordingId(), recording -> recording.report(report));
    }

    private void update(String recordingId, Consumer<ActiveRecording> change) {
        ActiveRecording recording = byId.get(recordingId);
        if (recording != null) {
            change.accept(recording);
            dropEnded(List.of(recording));
        }
    }

    /** Continues all recordings, since what they waited for may be available now. */
    void advanceAll() {
        List<ActiveRecording> all = List.copyOf(byId.values());
        all.forEach(ActiveRecording::advance);
        dropEnded(all);
    }

    /** Passes the current time on to all recordings. */
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
        sessionRegistry.unregister(plan.recordingId());
        removeFrom(bySource, plan.sourceId(), recording);
        removeFrom(byFile, plan.path(), recording);
        // A recording that waited for the file continues, and may have nothing to do.
        List<ActiveRecording> waited = List.copyOf(byFile.getOrDefault(plan.path(), List.of()));
        waited.forEach(ActiveRecording::advance);
        dropEnded(waited);
    }

    private static <K> void removeFrom(Map<K, List<ActiveRecording>> index, K key, ActiveRecording recording) {
        index.computeIfPresent(key, (_, all) -> {
            all.remove(recording);
            return all.isEmpty() ? null : all;
        });
    }
}
