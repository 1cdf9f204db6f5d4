package dev.kept.recording.contract;

import dev.kept.model.SessionKey;
import dev.kept.recording.destination.Refusal;

/** A listener for what people should know about commands and recordings. Called on the pipeline thread. */
public interface RecordingListener {

    /** Called when a command was carried out. */
    void obeyed(SessionKey session, String verb, String message);

    /** Called when something is wrong, with a remedy. The same problem may be reported again. */
    void problem(SessionKey session, String code, String message, String remedy);

    /** Called when the path policy refused a destination. */
    void denied(SessionKey session, Refusal refusal);

    /** Called when a problem of that code is over for the session. */
    void mended(SessionKey session, String code);
}
