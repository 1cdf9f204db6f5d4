package dev.kept.control;

/** Constants of the daemon's command line, by which a running daemon and its home are recognised. */
public final class DaemonCommandLine {
    /** The daemon's main class. */
    public static final String MAIN_CLASS = "dev.kept.daemon.DaemonMain";

    /** The option that names the temporary directory of the daemon's home; the path follows. */
    public static final String TEMPORARY = "-Djava.io.tmpdir=";

    private DaemonCommandLine() {}
}
