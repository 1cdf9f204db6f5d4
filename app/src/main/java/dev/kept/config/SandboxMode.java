package dev.kept.config;

/** The requirement that the operating system confines the daemon. */
public enum SandboxMode {
    /** Confined where the system can; the status says whether it is. */
    AUTO,
    /** Confined, or not started. */
    REQUIRED,
    /** Not confined. */
    OFF
}
