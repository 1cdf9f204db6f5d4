package dev.kept.config;

/** When bytes on a tape are made to survive a loss of power. */
public enum FsyncPolicy {
    /** Together with what else arrived, within 5 ms of the append. */
    GROUP,
    /** Before the append is over. */
    ALWAYS,
    /** When the operating system likes to; a crash of Kept alone loses nothing. */
    NEVER
}
