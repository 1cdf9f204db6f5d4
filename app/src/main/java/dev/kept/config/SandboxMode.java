package dev.kept.config;

/** Whether the daemon must be confined by the operating system. */
public enum SandboxMode {
    /** Confined where the system can; the status says whether it is. */
    AUTO,
    /** Confined, or not started. */
    REQUIRED,
    /** Not confined. */
    OFF
}
