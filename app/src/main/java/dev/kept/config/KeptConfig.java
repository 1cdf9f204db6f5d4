package dev.kept.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the owner decided, valid as a whole; see {@link Settings} for what each value means and may be.
 *
 * @param daemonMaxMemoryMb the ceiling of the whole daemon process, in MiB
 * @param allowedWriteRoots existing directories, absolute, where recordings may be written beside the default one
 * @param maxSessions how many sessions are held as events in memory
 * @param maxEventsPerSession how many events of one session are held in memory
 * @param providers what was said about a provider by its name; see {@link #provider}
 * @param recordings what holds for the recordings of providers that have nothing of their own
 * @param recordingsOf the whole settings of those that have; see {@link #recordings(String)}
 */
public record KeptConfig(
        int daemonMaxMemoryMb,
        List<Path> allowedWriteRoots,
        SandboxMode sandbox,
        int maxSessions,
        int maxEventsPerSession,
        Commands commands,
        Map<String, ProviderSettings> providers,
        RecordingSettings recordings,
        Map<String, RecordingSettings> recordingsOf,
        Tape tape,
        Keeping keep) {

    public KeptConfig {
        allowedWriteRoots = List.copyOf(allowedWriteRoots);
        providers = Map.copyOf(providers);
        recordingsOf = Map.copyOf(recordingsOf);
    }

    /**
     * In-chat commands.
     *
     * @param headless whether prompts that a script may have fed are obeyed
     */
    public record Commands(boolean headless) {}

    /**
     * One agent.
     *
     * @param enabled whether it is followed
     * @param roots existing directories to look into instead of the usual ones; empty: the usual ones
     * @param follow existing directories that links among its session files may lead into
     */
    public record ProviderSettings(boolean enabled, Optional<List<Path>> roots, List<Path> follow) {
        /** What holds for a provider that the configuration does not mention. */
        public static final ProviderSettings STANDARD = new ProviderSettings(true, Optional.empty(), List.of());

        public ProviderSettings {
            roots = roots.map(List::copyOf);
            follow = List.copyOf(follow);
        }
    }

    /**
     * The verbatim copies.
     *
     * @param allowNetworkDisk whether they may lie on another machine's disk; see {@link HomeDisk}
     * @param sealAfter how long a source rests before its copy is sealed; empty: it is not
     * @param maxUnpackedBytes what a file that its agent packed may unpack to
     * @param maxUnpackRatio how many times its own length that may be
     */
    public record Tape(
            FsyncPolicy fsync,
            boolean allowNetworkDisk,
            Optional<Duration> sealAfter,
            long maxUnpackedBytes,
            int maxUnpackRatio) {}

    /**
     * What is kept, and for how long.
     *
     * @param firstImport how old what was there before Kept may be; empty: all of it
     * @param exclude working directories and files that are never kept; a path may have {@code *} and {@code **} in it
     * @param retention how long after its last message {@code kept clean} leaves a session; empty: for good
     * @param maxTapeBytes what {@code kept clean} brings the tapes down to; empty: it does not
     * @param minFreeBytes what must stay free on the disk of the tapes
     */
    public record Keeping(
            Optional<Duration> firstImport,
            List<Path> exclude,
            Optional<Duration> retention,
            Optional<Long> maxTapeBytes,
            long minFreeBytes) {
        public Keeping {
            exclude = List.copyOf(exclude);
        }
    }

    /** What holds when there is no configuration. */
    public static KeptConfig defaults() {
        return ConfigReader.build(Map.of());
    }

    /** The settings of a provider, mentioned or not. */
    public ProviderSettings provider(String name) {
        return providers.getOrDefault(name, ProviderSettings.STANDARD);
    }

    /** What holds for the recordings of a provider's sessions. */
    public RecordingSettings recordings(String provider) {
        return recordingsOf.getOrDefault(provider, recordings);
    }
}
