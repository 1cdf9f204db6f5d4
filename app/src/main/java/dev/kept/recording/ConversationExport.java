package dev.kept.recording;

import dev.kept.model.ConversationEvent;
import dev.kept.model.EventSource;
import dev.kept.model.SessionKey;
import dev.kept.provider.Provider;
import dev.kept.provider.SourceKind;
import dev.kept.recording.writer.Asset;
import dev.kept.recording.writer.MarkdownOptions;
import dev.kept.recording.writer.RecordingFormat;
import dev.kept.recording.writer.RecordingHeader;
import dev.kept.recording.writer.RecordingWriter;
import dev.kept.recording.writer.Rendered;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Renders a whole conversation from its tape, the bytes that {@code ::export} would write, in memory that does not grow
 * with it. Needs no daemon. Stateless.
 *
 * @param options how Markdown looks
 */
public record ConversationExport(MarkdownOptions options) {
    /**
     * What is exported.
     *
     * @param title the session's title or snippet; may be empty
     * @param created when the conversation began, where that is known
     */
    public record Subject(
            SessionKey session,
            Provider provider,
            SourceKind.Session kind,
            Path tapeFolder,
            String title,
            Optional<Instant> created) {
        public Subject {
            Objects.requireNonNull(session, "session");
            Objects.requireNonNull(provider, "provider");
            Objects.requireNonNull(kind, "kind");
            Objects.requireNonNull(tapeFolder, "tapeFolder");
            Objects.requireNonNull(title, "title");
            Objects.requireNonNull(created, "created");
        }
    }

    /** Where it goes. */
    public interface Sink {
        /** The next text; whole lines. */
        void write(String text) throws IOException;

        /** The tape was read so far: a generation, and bytes from its start. */
        void at(int generation, long offset);
    }

    /**
     * Writes the conversation.
     *
     * @param note the file that the text goes to, beside which its attachments are written; without one they are not
     * @return the events that were rendered
     */
    public long write(Subject subject, RecordingFormat format, Optional<Path> note, Sink sink) throws IOException {
        String speaker = subject.provider().displayName();
        String fileName = note.map(RecordingFormat::fileName).orElse("conversation" + format.suffix());
        RecordingWriter writer = RecordingWriter.start(format, fileName, speaker, options);
        Rendered begin = writer.begin(new RecordingHeader(
                subject.title(),
                subject.session(),
                speaker,
                List.of(options.userName(), speaker),
                subject.created(),
                RecordingHeader.Place.NEW_FILE));
        AssetFiles assets = new AssetFiles();
        sink.write(begin.text());
        long rendered = 0;
        try (ReplayCursor cursor = new ReplayCursor(subject.tapeFolder(), subject.provider(), subject.kind())) {
            for (Optional<ConversationEvent> next = cursor.peek(); next.isPresent(); next = cursor.peek()) {
                ConversationEvent event = next.get();
                if (event.header().line().equals(subject.kind().line())) {
                    Rendered text = writer.append(event);
                    if (note.isPresent() && !text.assets().isEmpty()) {
                        List<Asset> beside = text.assets();
                        assets.write(subject.tapeFolder(), note.get(), beside);
                    }
                    sink.write(text.text());
                    rendered++;
                }
                EventSource source = event.header().source();
                sink.at(source.generation(), source.offset() + source.length());
                cursor.take();
            }
        }
        return rendered;
    }
}
