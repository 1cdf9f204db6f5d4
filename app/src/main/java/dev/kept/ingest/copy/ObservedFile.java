package dev.kept.ingest.copy;

/**
 * Last observed presence, size and mtime of a source file, and whether the change was reported. Owned by the ingest
 * thread.
 */
final class ObservedFile {
    private boolean present;
    private long size;
    private long modifiedAtMs;
    private boolean toldPresent;
    private long toldModifiedAtMs = -1;

    /** Notes the observed state of the file. */
    void update(boolean isPresent, long itsSize, long itsModifiedAtMs) {
        present = isPresent;
        size = itsSize;
        modifiedAtMs = itsModifiedAtMs;
    }

    boolean present() {
        return present;
    }

    /** Returns the size in bytes; of a packed file, the number of bytes on tape. */
    long size() {
        return size;
    }

    /** Returns the modification time in ms since 1970; 0 if the file is gone. */
    long modifiedAtMs() {
        return modifiedAtMs;
    }

    /** Returns true once for each change of {@link #present} or {@link #modifiedAtMs}, and marks it as reported. */
    boolean consumeChange() {
        boolean changed = present != toldPresent || modifiedAtMs != toldModifiedAtMs;
        toldPresent = present;
        toldModifiedAtMs = modifiedAtMs;
        return changed;
    }
}
