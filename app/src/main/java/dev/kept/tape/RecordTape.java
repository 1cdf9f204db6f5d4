package dev.kept.tape;

/** Names of a record tape. */
public final class RecordTape {
    /** The one member of the lines that Kept adds to the records of the file. */
    public static final String MEMBER = "$kept";

    private RecordTape() {}
}
