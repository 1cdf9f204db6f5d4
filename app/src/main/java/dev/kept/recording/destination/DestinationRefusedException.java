package dev.kept.recording.destination;

import java.io.IOException;

/** A destination turned out not to be what the path policy allowed. Nothing was written to it. */
public final class DestinationRefusedException extends IOException {
    private static final long serialVersionUID = 1L;

    private final transient Refusal refusal;

    DestinationRefusedException(Refusal refusal) {
        super(refusal.message() + " " + refusal.remedy());
        this.refusal = refusal;
    }

    /** Returns the reason and the remedy. */
    public Refusal refusal() {
        return refusal;
    }
}
