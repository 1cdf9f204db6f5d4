package dev.kept.archive;

/** The state of an agent's file compared with its tape. */
public sealed interface SourceState {
    /** The file equals the tape. */
    record Same() implements SourceState {}

    /** The file continues beyond the tape: a running daemon copies the rest. */
    record Grown() implements SourceState {}

    /** The file is missing, or is not a regular file. */
    record Gone() implements SourceState {}

    /**
     * The file differs, and was changed after the tape was last written: a running daemon keeps both.
     *
     * @param where place where the difference begins, for people
     */
    record Changed(String where) implements SourceState {}

    /**
     * The file differs although nothing changed it since the tape was last written: one of them is damaged.
     *
     * @param where place where the difference begins, for people
     */
    record Different(String where) implements SourceState {}

    /** The file cannot be compared, which says nothing about the tape. */
    record Unreadable(String why) implements SourceState {}
}
