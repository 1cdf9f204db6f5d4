package dev.kept.recording.writer;

import dev.kept.recording.secret.SecretRedactor;
import java.util.Objects;

/**
 * The style of one recording.
 *
 * @param markdown the options for Markdown; JSONL holds every event
 * @param subagents the form of the work of subagents
 * @param secrets the redactor, for either format and for the files beside a note
 */
public record RecordingStyle(MarkdownOptions markdown, SubagentDetail subagents, SecretRedactor secrets) {
    public RecordingStyle {
        Objects.requireNonNull(markdown, "markdown");
        Objects.requireNonNull(subagents, "subagents");
        Objects.requireNonNull(secrets, "secrets");
    }
}
