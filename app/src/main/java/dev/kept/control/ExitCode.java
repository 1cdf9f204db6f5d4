package dev.kept.control;

/** Exit codes of Kept's processes. The launcher script knows most of them too. */
public final class ExitCode {
    public static final int DONE = 0;
    public static final int FAILED = 1;
    /** Wrong usage or a configuration that is refused. */
    public static final int USAGE = 2;

    public static final int NOT_RUNNING = 3;

    /** The Java runtime's own exit code when it is out of memory. */
    public static final int OUT_OF_MEMORY = 3;

    /** The daemon ended by a fault of its own; a supervisor starts it again. */
    public static final int FAULT = 70;

    /** The supervisor has used up its launches of the daemon; a service manager must not retry by itself. */
    public static final int GIVEN_UP = 69;

    /** The daemon asks its supervisor for a relaunch: its permissions have changed. */
    public static final int RELAUNCH = 75;

    private ExitCode() {}
}
