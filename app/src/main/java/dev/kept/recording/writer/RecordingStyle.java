package dev.kept.recording.writer;

import dev.kept.recording.secret.SecretRedactor;
import java.util.Objects;

/**
 * How one recording is written.
 *
 * @param markdown how it looks where it is Markdown; JSONL holds every event
 * @param subagents where the work of subagents stands
 * @param secrets what becomes of secrets, in either format and in the files beside a note
 */
public record RecordingStyle(MarkdownOptions markdown, SubagentDetail subagents, SecretRedactor secrets) {
    public RecordingStyle {
        Objects.requireNonNull(markdown, "markdown");
        Objects.requireNonNull(subagents, "subagents");
        Objects.requireNonNull(secrets, "secrets");
    }
}
