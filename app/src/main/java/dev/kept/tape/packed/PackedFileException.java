package dev.kept.tape.packed;

import java.io.IOException;

/** Signals that a packed file is not unpacked, or only in part, because of its content. */
public final class PackedFileException extends IOException {
    private static final long serialVersionUID = 1L;

    /** The reasons; their public names are stable. */
    public enum Reason {
        /** It needs more memory to be unpacked than is allowed. */
        WINDOW,
        /** It unpacks to more than {@link UnpackLimits} allow. */
        EXPANSION,
        /** It was packed with a dictionary, which no session file contains. */
        DICTIONARY,
        /** The disk of the tapes has no room for its unpacked content. */
        ROOM,
        /** It is cut off or damaged, or in an unknown format; everything before that place can be read. */
        BROKEN;

        /** Returns the code that messages use, e.g. {@code packed.window}. */
        public String publicName() {
            return "packed." + name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    private final Reason reason;

    /** @param message one sentence that continues after the file's name */
    public PackedFileException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
