package dev.kept.daemon;

import dev.kept.config.KeptConfig;
import dev.kept.recording.writer.MarkdownOptions;

/** How notes look, as the configuration says: the same for what the daemon records and what the command line exports. */
public final class NoteOptions {
    private NoteOptions() {}

    /** The options of a configuration. */
    public static MarkdownOptions of(KeptConfig.Recordings recordings) {
        MarkdownOptions defaults = MarkdownOptions.defaults(recordings.timeZone());
        return new MarkdownOptions(
                recordings.userName(),
                recordings.timeZone(),
                recordings.thinking(),
                defaults.systemEvents(),
                defaults.tools(),
                recordings.toolResultMaxChars());
    }
}
