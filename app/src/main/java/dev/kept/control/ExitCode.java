package dev.kept.control;

/** What the processes of Kept say when they end. The launcher script knows most of them too. */
public final class ExitCode {
    public static final int DONE = 0;
    public static final int FAILED = 1;
    /** Wrong usage or a configuration that is refused. */
    public static final int USAGE = 2;

    public static final int NOT_RUNNING = 3;

    /** How the Java runtime itself ends when there is no memory left. */
    public static final int OUT_OF_MEMORY = 3;

    /** The daemon ended because of a fault of its own; a supervisor starts it again. */
    public static final int FAULT = 70;

    /** The supervisor has started the daemon as often as it may; a service is not to try again by itself. */
    public static final int GIVEN_UP = 69;

    /** The daemon asks its supervisor to start it again: what it may do has changed. */
    public static final int RELAUNCH = 75;

    private ExitCode() {}
}
