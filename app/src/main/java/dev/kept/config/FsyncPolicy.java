package dev.kept.config;

/** When bytes on a tape are made to survive a loss of power. */
public enum FsyncPolicy {
    /** Before anyone reads them: together with what else arrived meanwhile, one force for each tape. */
    GROUP,
    /** When the operating system likes to; a crash of Kept alone loses nothing. */
    NEVER
}
