package dev.kept.recording.writer;

import dev.kept.model.ConversationEvent;
import dev.kept.recording.secret.SecretRedactor;

/** A writer that redacts secrets before it delegates to another. */
final class RedactingWriter implements RecordingWriter {
    private final RecordingWriter writer;
    private final SecretRedactor secrets;

    RedactingWriter(RecordingWriter writer, SecretRedactor secrets) {
        this.writer = writer;
        this.secrets = secrets;
    }

    @Override
    public Rendered begin(RecordingHeader header) {
        return writer.begin(redacted(header, secrets));
    }

    static RecordingHeader redacted(RecordingHeader header, SecretRedactor secrets) {
        return new RecordingHeader(
                secrets.redactTitle(header.title()),
                header.session(),
                header.providerName(),
                header.participants(),
                header.created(),
                header.forkedFrom(),
                header.place());
    }

    @Override
    public Rendered append(ConversationEvent event) {
        return writer.append(secrets.redact(event));
    }

    @Override
    public Rendered beginSubagent(String branch, SubagentDetail detail) {
        return writer.beginSubagent(branch, detail);
    }

    @Override
    public Rendered endSubagent(SubagentDetail detail) {
        return writer.endSubagent(detail);
    }

    @Override
    public String state() {
        return writer.state();
    }
}
