package dev.kept.testing;

import dev.kept.config.KeptConfig;
import dev.kept.config.RecordingSettings;
import dev.kept.recording.secret.SecretRedactor;
import dev.kept.recording.writer.RecordingStyles;
import dev.kept.recording.writer.SubagentDetail;
import java.time.ZoneOffset;
import java.util.Map;

/** How recordings of tests look: as usual, in UTC, with secrets as they were said. */
public final class TestStyles {
    private TestStyles() {}

    /** With the work of subagents folded. */
    public static RecordingStyles usual() {
        return with(SubagentDetail.FOLD);
    }

    /** With the work of subagents as asked. */
    public static RecordingStyles with(SubagentDetail subagents) {
        KeptConfig usual = KeptConfig.defaults();
        return new RecordingStyles(with(usual, settings(usual.recordings(), subagents)), SecretRedactor.VERBATIM);
    }

    /** The settings that are usual. */
    public static RecordingSettings settings() {
        return settings(KeptConfig.defaults().recordings(), SubagentDetail.FOLD);
    }

    private static RecordingSettings settings(RecordingSettings usual, SubagentDetail subagents) {
        return new RecordingSettings(
                usual.thinking(),
                usual.toolCalls(),
                usual.systemEvents(),
                switch (subagents) {
                    case FOLD -> RecordingSettings.Subagents.FOLD;
                    case INLINE -> RecordingSettings.Subagents.INLINE;
                    case OMIT -> RecordingSettings.Subagents.OMIT;
                },
                usual.images(),
                usual.remoteImages(),
                usual.userName(),
                ZoneOffset.UTC,
                usual.fileName(),
                usual.directory(),
                usual.toolResultMaxChars(),
                usual.keepSecretsIn());
    }

    private static KeptConfig with(KeptConfig usual, RecordingSettings recordings) {
        return new KeptConfig(
                usual.daemonMaxMemoryMb(),
                usual.allowedWriteRoots(),
                usual.sandbox(),
                usual.maxSessions(),
                usual.maxEventsPerSession(),
                usual.commands(),
                usual.providers(),
                recordings,
                Map.of(),
                usual.tape(),
                usual.keep());
    }
}
