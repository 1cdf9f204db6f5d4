package dev.kept.daemon;

/** What the processes of Kept say when they end. The launcher script knows {@link #RELAUNCH} too. */
public final class ExitCode {
    public static final int DONE = 0;
    public static final int FAILED = 1;
    /** Wrong usage or a configuration that is refused. */
    public static final int USAGE = 2;

    public static final int NOT_RUNNING = 3;
    /** The daemon asks its supervisor to start it again: what it may do has changed. */
    public static final int RELAUNCH = 75;

    private ExitCode() {}
}
