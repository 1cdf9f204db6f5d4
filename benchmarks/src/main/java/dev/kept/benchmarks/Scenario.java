package dev.kept.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Something that happens to the daemon while its memory is watched. */
interface Scenario {
    /** What it is, for the table. */
    String name();

    /** Lines for the daemon's configuration. */
    default List<String> settings(Path home) {
        return List.of();
    }

    /** Lays out the agent's files in an empty home; returns how many sources they are. */
    long prepare(Path home) throws IOException;

    /** What goes on once everything was imported; answers what is wrong, or nothing. */
    default String then(DaemonUnderTest daemon, Path home) throws IOException, InterruptedException {
        return "";
    }
}
