package dev.kept.archive;

/** The agent's file of a tape, compared with the tape as far as that goes. */
public sealed interface SourceState {
    /** Holds what the tape holds, and nothing else. */
    record Same() implements SourceState {}

    /** Holds what the tape holds, and more behind it: a running daemon copies that. */
    record Grown() implements SourceState {}

    /** Stands there no more, or something stands there that is no file. */
    record Gone() implements SourceState {}

    /**
     * Holds something else, and was changed after the tape was last written: a running daemon keeps both.
     *
     * @param where the difference begins, for people
     */
    record Changed(String where) implements SourceState {}

    /**
     * Holds something else, although nothing changed it since the tape was last written: one of both is not what it
     * was.
     *
     * @param where the difference begins, for people
     */
    record Different(String where) implements SourceState {}

    /** Cannot be compared, which says nothing about the tape. */
    record Unreadable(String why) implements SourceState {}
}
