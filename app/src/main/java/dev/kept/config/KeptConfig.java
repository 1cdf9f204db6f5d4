package dev.kept.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The configuration, valid as a whole; see {@link Settings} for the meaning and range of each value.
 *
 * @param daemonMaxMemoryMb the memory limit of the whole daemon process, in MiB
 * @param allowedWriteRoots existing directories, absolute, where recordings may be written beside the default one
 * @param maxSessions number of sessions whose events are held in memory
 * @param maxEventsPerSession number of events of one session held in memory
 * @param providers settings of the providers that the file mentions, by name; see {@link #provider}
 * @param recordings settings for the recordings of providers that have none of their own
 * @param recordingsOf complete settings of the providers that have their own; see {@link #recordings(String)}
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
     * Settings of one agent.
     *
     * @param enabled whether it is followed
     * @param roots existing directories to scan instead of the default ones; empty: the default ones
     * @param follow existing directories that links among its session files may lead into
     */
    public record ProviderSettings(boolean enabled, Optional<List<Path>> roots, List<Path> follow) {
        /** The settings of a provider that the configuration does not mention. */
        public static final ProviderSettings STANDARD = new ProviderSettings(true, Optional.empty(), List.of());

        public ProviderSettings {
            roots = roots.map(List::copyOf);
            follow = List.copyOf(follow);
        }
    }

    /**
     * Settings of the verbatim copies.
     *
     * @param allowNetworkDisk whether they may be on another machine's disk; see {@link HomeDisk}
     * @param sealAfter time without changes after which a source's copy is sealed; empty: never
     * @param maxUnpackedBytes limit on the unpacked size of a file that its agent packed
     * @param maxUnpackRatio limit on that size as a multiple of the file's own length
     */
    public record Tape(
            FsyncPolicy fsync,
            boolean allowNetworkDisk,
            Optional<Duration> sealAfter,
            long maxUnpackedBytes,
            int maxUnpackRatio) {}

    /**
     * Settings of what is kept, and for how long.
     *
     * @param firstImport greatest age of files from before Kept was installed; empty: any
     * @param exclude working directories and files that are never kept; a path may have {@code *} and {@code **} in it
     * @param retention time after its last message before {@code kept clean} removes a session; empty: never
     * @param maxTapeBytes total size to which {@code kept clean} reduces the tapes; empty: no limit
     * @param minFreeBytes space that must stay free on the disk of the tapes
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

    /** Returns the configuration that applies without a file. */
    public static KeptConfig defaults() {
        return ConfigReader.build(Map.of());
    }

    /** Returns the settings of a provider, mentioned or not. */
    public ProviderSettings provider(String name) {
        return providers.getOrDefault(name, ProviderSettings.STANDARD);
    }

    /** Returns the settings for the recordings of a provider's sessions. */
    public RecordingSettings recordings(String provider) {
        return recordingsOf.getOrDefault(provider, recordings);
    }
}
