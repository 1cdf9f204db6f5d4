package dev.kept.recording.writer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kept.recording.secret.MarkerKeys;
import dev.kept.recording.secret.SampleRecords;
import dev.kept.recording.secret.SecretCounts;
import dev.kept.recording.secret.SecretRedactor;
import org.junit.jupiter.api.Test;

class RedactingWriterTest {
    @Test
    void ofAHeaderOnlyTheTitleChanges() throws ReflectiveOperationException {
        RecordingHeader header = SampleRecords.of(RecordingHeader.class, "redis://:Tr4ubenzucker-9@cache/0");
        SecretRedactor secrets = SecretRedactor.of(MarkerKeys.ZERO, new SecretCounts());

        RecordingHeader redacted = RedactingWriter.redacted(header, secrets);

        assertThat(redacted.title()).startsWith("redis://:[secret:url-password:");
        assertThat(SampleRecords.otherThanTexts(redacted)).isEqualTo(SampleRecords.otherThanTexts(header));
    }
}
