package dev.kept.recording.contract;

import dev.kept.model.SessionKey;
import dev.kept.recording.destination.Refusal;

/** Hears what people should know about commands and recordings. Called on the pipeline thread. */
public interface RecordingListener {

    /** A command was carried out. */
    void obeyed(SessionKey session, String verb, String message);

    /** Something is wrong, and what can be done about it. The same problem may come again. */
    void problem(SessionKey session, String code, String message, String remedy);

    /** The path policy refused to write somewhere. */
    void denied(SessionKey session, Refusal refusal);

    /** A problem of that code is over for the session. */
    void mended(SessionKey session, String code);
}
