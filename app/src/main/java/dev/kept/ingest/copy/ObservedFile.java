package dev.kept.ingest.copy;

/** What was last seen of a source's file, and what of that was told. Owned by the ingest thread. */
final class ObservedFile {
    private boolean present;
    private long size;
    private long modifiedAtMs;
    private boolean toldPresent;
    private long toldModifiedAtMs = -1;

    /** The file was looked at. */
    void saw(boolean isPresent, long itsSize, long itsModifiedAtMs) {
        present = isPresent;
        size = itsSize;
        modifiedAtMs = itsModifiedAtMs;
    }

    boolean present() {
        return present;
    }

    /** In bytes; of a packed file, what of it is on tape. */
    long size() {
        return size;
    }

    /** In ms since 1970; 0 if the file is gone. */
    long modifiedAtMs() {
        return modifiedAtMs;
    }

    /** True once for each change of what {@link #present} and {@link #modifiedAtMs} say. */
    boolean changed() {
        boolean changed = present != toldPresent || modifiedAtMs != toldModifiedAtMs;
        toldPresent = present;
        toldModifiedAtMs = modifiedAtMs;
        return changed;
    }
}
