package dev.kept.recording;

import dev.kept.recording.contract.RecordingListener;
import dev.kept.recording.destination.Refusal;
import dev.kept.recording.journal.RecordingPlan;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** What is wrong with a recording, as far as people were told; each kind is told once, and again when it is mended. */
final class RecordingProblems {
    /** Kinds of trouble that pass. */
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
    private final Set<Kind> told = new HashSet<>();
    private Optional<Kind> latest = Optional.empty();
    private String message = "";
    private Optional<Refusal> denied = Optional.empty();

    RecordingProblems(RecordingListener listener, RecordingPlan plan) {
        this.listener = listener;
        this.plan = plan;
    }

    /** What was told last, unless it is mended. */
    Optional<String> message() {
        return latest.map(_ -> message);
    }

    boolean wasTold(Kind kind) {
        return told.contains(kind);
    }

    /** It is over, if it was there. */
    void mended(Kind kind) {
        if (told.remove(kind)) {
            listener.mended(plan.session(), kind.code);
        }
        latest = latest.filter(other -> other != kind);
        if (kind == Kind.UNWRITABLE) {
            denied = Optional.empty();
        }
    }

    /** Its path may not be written any more: each refusal is audited once, though it is tried again and again. */
    void refused(Refusal refusal) {
        if (!denied.equals(Optional.of(refusal))) {
            denied = Optional.of(refusal);
            listener.denied(plan.session(), refusal);
        }
        tell(Kind.UNWRITABLE, refusal.message(), refusal.remedy());
    }

    /** Its file cannot be written now. */
    void unwritable(String why) {
        tell(Kind.UNWRITABLE, why, RETRIED);
    }

    /** Its file cannot be looked at now. */
    void unseen(String why) {
        tell(Kind.UNSEEN, why, RETRIED);
    }

    /** Its tape cannot be read. */
    void unreadable(String why) {
        tell(Kind.UNREADABLE, why, "The tape is damaged: see kept doctor.");
    }

    /** Its file does not answer. */
    void hung(Instant since) {
        tell(
                Kind.HUNG,
                plan.path() + " has not answered since " + since + ".",
                "Look at the disk or the network folder it is on; the recording goes on when that answers.");
    }

    /** What its conversation left has to be written first, and may never be read again. */
    void waits() {
        tell(
                Kind.WAITS,
                plan.path() + " stands still: a file of its conversation, from which the rest of it is to be"
                        + " written first, is not read any more.",
                "If that file does not come back, record to another note: kept record "
                        + plan.session().sessionId() + " --capture -o FILE");
    }

    private void tell(Kind kind, String text, String remedy) {
        latest = Optional.of(kind);
        message = text;
        told.add(kind);
        listener.problem(plan.session(), kind.code, text, remedy);
    }

    /** It cannot be told whether a turn stands in its file. */
    void uncertain(String why) {
        listener.problem(
                plan.session(),
                "recording.uncertain",
                why,
                "Look at the end of " + plan.path() + ": at most one turn is missing there.");
    }

    /** Its file was put back to an earlier state; what was missing is written again. */
    void putBack() {
        listener.problem(
                plan.session(),
                "recording.put-back",
                plan.path()
                        + " was put back to an earlier state, or emptied; what was missing is appended below a line that"
                        + " says so.",
                "Nothing to do. If you removed it on purpose, stop the recording first: kept unrecord "
                        + plan.session().sessionId());
    }

    /** Its file was gone, and is made anew. */
    void restarted() {
        listener.problem(
                plan.session(),
                "recording.restarted",
                plan.path() + " was gone; it goes on in a new file.",
                "Nothing to do. The conversation so far: kept export "
                        + plan.session().sessionId());
    }
}
