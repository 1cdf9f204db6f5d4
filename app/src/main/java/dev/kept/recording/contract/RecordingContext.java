package dev.kept.recording.contract;

import dev.kept.recording.journal.RecordingPlan;
import dev.kept.recording.writer.RecordingFormat;
import dev.kept.recording.writer.RecordingStyle;
import dev.kept.recording.writer.RecordingStyles;
import java.nio.file.Path;
import java.time.Clock;

/**
 * What all recordings share.
 *
 * @param styles how recordings look
 * @param mainLines where the main lines of sessions stand
 * @param headless whether the prompts of headless runs may give orders
 */
public record RecordingContext(
        RecordingWorkers workers,
        RecordingListener listener,
        RecordingStyles styles,
        MainBranches mainLines,
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
