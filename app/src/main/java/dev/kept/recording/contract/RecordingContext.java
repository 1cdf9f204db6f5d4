package dev.kept.recording.contract;

import dev.kept.recording.journal.RecordingPlan;
import dev.kept.recording.writer.RecordingFormat;
import dev.kept.recording.writer.RecordingStyle;
import dev.kept.recording.writer.RecordingStyles;
import java.nio.file.Path;
import java.time.Clock;

/**
 * Objects that all recordings share.
 *
 * @param styles the styles of recordings
 * @param mainBranches the sources of the main branches of sessions
 * @param headless whether the prompts of headless runs may give orders
 */
public record RecordingContext(
        RecordingWorkers workers,
        RecordingListener listener,
        RecordingStyles styles,
        MainBranches mainBranches,
        boolean headless,
        Clock clock) {

    public RecordingFormat format(RecordingPlan plan) {
        return formatOf(plan.path());
    }

    public RecordingStyle style(RecordingPlan plan) {
        return styles.of(plan.session().provider(), plan.path());
    }

    public static RecordingFormat formatOf(Path path) {
        return RecordingFormat.of(path).orElse(RecordingFormat.MARKDOWN);
    }

    public String fileName(RecordingPlan plan) {
        return RecordingFormat.fileName(plan.path());
    }
}
