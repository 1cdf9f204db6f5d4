package dev.kept.recording;

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
record RecordingContext(
        RecordingWorkers workers,
        RecordingListener listener,
        RecordingStyles styles,
        MainLines mainLines,
        boolean headless,
        Clock clock) {

    RecordingFormat format(RecordingPlan plan) {
        return formatOf(plan.path());
    }

    RecordingStyle style(RecordingPlan plan) {
        return styles.of(plan.session().provider(), plan.path());
    }

    static RecordingFormat formatOf(Path path) {
        return RecordingFormat.of(path).orElse(RecordingFormat.MARKDOWN);
    }

    String fileName(RecordingPlan plan) {
        return RecordingFormat.fileName(plan.path());
    }
}
