package dev.kept.recording;

import dev.kept.recording.journal.RecordingPlan;
import dev.kept.recording.writer.MarkdownOptions;
import dev.kept.recording.writer.RecordingFormat;
import dev.kept.recording.writer.SubagentDetail;
import java.nio.file.Path;
import java.time.Clock;

/**
 * What all recordings share.
 *
 * @param options how Markdown looks
 * @param subagents how the work of subagents is shown
 * @param headless whether the prompts of headless runs may give orders
 */
record RecordingContext(
        RecordingWorkers workers,
        RecordingListener listener,
        MarkdownOptions options,
        SubagentDetail subagents,
        boolean headless,
        Clock clock) {

    RecordingFormat format(RecordingPlan plan) {
        return formatOf(plan.path());
    }

    static RecordingFormat formatOf(Path path) {
        return RecordingFormat.of(path).orElse(RecordingFormat.MARKDOWN);
    }

    String fileName(RecordingPlan plan) {
        return RecordingFormat.fileName(plan.path());
    }
}
