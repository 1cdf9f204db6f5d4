package dev.kept.recording;

import dev.kept.recording.contract.RecordingListener;
import dev.kept.recording.destination.Refusal;
import dev.kept.recording.journal.RecordingPlan;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** The problem reporter of one recording. Each kind of problem is reported once, and once more when it is over. */
final class RecordingProblems {
    /** Kinds of problem that may pass. */
    enum Kind {
        HUNG("recording.hung"),
        UNWRITABLE("recording.unwritable"),
        UNSEEN("recording.unseen"),
        UNREADABLE("recording.unreadable"),
        WAITS("recording.waits");

        private final String code;

        Kind(String code) {
            this.code = code;
        }
    }

    private static final String RETRIED = "It is tried again every few seconds; nothing is lost.";

    private final RecordingListener listener;
    private final RecordingPlan plan;
    private final Set<Kind> reported = new HashSet<>();
    private Optional<Kind> latest = Optional.empty();
    private String message = "";
    private Optional<Refusal> denied = Optional.empty();

    RecordingProblems(RecordingListener listener, RecordingPlan plan) {
        this.listener = listener;
        this.plan = plan;
    }

    /** Returns the last problem reported, unless it is over. */
    Optional<String> message() {
        return latest.map(_ -> message);
    }

    boolean isReported(Kind kind) {
        return reported.contains(kind);
    }

    /** Reports that a problem is over, if it was reported. */
    void resolve(Kind kind) {
        if (reported.remove(kind)) {
            listener.mended(plan.session(), kind.code);
        }
        latest = latest.filter(other -> other != kind);
        if (kind == Kind.UNWRITABLE) {
            denied = Optional.empty();
        }
    }

    /**
     * Reports that the path may no longer be written to. Each refusal is audited once, however often writing is
     * retried.
     */
    void reportRefused(Refusal refusal) {
        if (!denied.equals(Optional.of(refusal))) {
            denied = Optional.of(refusal);
            listener.denied(plan.session(), refusal);
        }
        report(Kind.UNWRITABLE, refusal.message(), refusal.remedy());
    }

    /** Reports that the file cannot be written at the moment. */
    void reportUnwritable(String why) {
        report(Kind.UNWRITABLE, why, RETRIED);
    }

    /** Reports that the file cannot be inspected at the moment. */
    void reportUnseen(String why) {
        report(Kind.UNSEEN, why, RETRIED);
    }

    /** Reports that the tape cannot be read. */
    void reportUnreadable(String why) {
        report(Kind.UNREADABLE, why, "The tape is damaged: see kept doctor.");
    }

    /** Reports that the file does not respond. */
    void reportHung(Instant since) {
        report(
                Kind.HUNG,
                plan.path() + " has not answered since " + since + ".",
                "Look at the disk or the network folder it is on; the recording continues when that answers.");
    }

    /** Reports that an earlier source of the conversation must be written first, and may never be read again. */
    void reportWaiting() {
        report(
                Kind.WAITS,
                plan.path() + " is not continued: a file of its conversation, which must be written to it"
                        + " first, is no longer read.",
                "If that file does not come back, record to another note: kept record "
                        + plan.session().sessionId() + " --capture -o FILE");
    }

    private void report(Kind kind, String text, String remedy) {
        latest = Optional.of(kind);
        message = text;
        reported.add(kind);
        listener.problem(plan.session(), kind.code, text, remedy);
    }

    /** Reports that it is unknown whether a turn is in the file. */
    void reportUncertain(String why) {
        listener.problem(
                plan.session(),
                "recording.uncertain",
                why,
                "Look at the end of " + plan.path() + ": at most one turn is missing there.");
    }

    /** Reports that the file was put back to an earlier state, and that the missing part is written again. */
    void reportPutBack() {
        listener.problem(
                plan.session(),
                "recording.put-back",
                plan.path()
                        + " was put back to an earlier state, or emptied; what was missing is appended below a line that"
                        + " says so.",
                "Nothing to do. If you removed it on purpose, stop the recording first: kept unrecord "
                        + plan.session().sessionId());
    }

    /** Reports that the file had vanished and is created anew. */
    void reportRestarted() {
        listener.problem(
                plan.session(),
                "recording.restarted",
                plan.path() + " was gone; the recording continues in a new file.",
                "Nothing to do. The conversation so far: kept export "
                        + plan.session().sessionId());
    }
}
