package dev.kept.config;

/** The time at which bytes on a tape are made to survive a loss of power. */
public enum FsyncPolicy {
    /** Before anyone reads them, together with everything else that arrived meanwhile, one force for each tape. */
    GROUP,
    /** At the operating system's choice; a crash of Kept alone loses nothing. */
    NEVER
}
