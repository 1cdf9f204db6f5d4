package dev.kept.tape.packed;

import java.io.IOException;

/** A packed file that is not unpacked, or not all of it, for what stands in it. */
public final class PackedFileException extends IOException {
    private static final long serialVersionUID = 1L;

    /** The reasons; their public names are stable. */
    public enum Reason {
        /** It needs more memory to be unpacked than is given to that. */
        WINDOW,
        /** It unpacks to more than {@link UnpackLimits} allow. */
        EXPANSION,
        /** It was packed with a dictionary, which is in no session file. */
        DICTIONARY,
        /** The disk of the tapes has no room for what it unpacks to. */
        ROOM,
        /** It is cut off or damaged, or in no form that is known; what comes before that place can be read. */
        BROKEN;

        /** The code under which people are told, e.g. {@code packed.window}. */
        public String publicName() {
            return "packed." + name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    private final Reason reason;

    /** @param message one sentence that goes on behind the file's name */
    public PackedFileException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
