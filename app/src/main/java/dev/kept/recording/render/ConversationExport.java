package dev.kept.recording.render;

import dev.kept.model.ConversationEvent;
import dev.kept.model.SessionKey;
import dev.kept.provider.Provider;
import dev.kept.recording.writer.RecordingFormat;
import dev.kept.recording.writer.RecordingHeader;
import dev.kept.recording.writer.RecordingStyle;
import dev.kept.recording.writer.RecordingStyles;
import dev.kept.recording.writer.RecordingWriter;
import dev.kept.recording.writer.Rendered;
import dev.kept.replay.BranchSource;
import dev.kept.replay.ConversationCursor;
import dev.kept.replay.ToolOutputFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Renders a whole conversation from its tapes, the bytes that {@code ::export} would write, in memory that does not grow
 * with it, but for the ids of events where it stands on several tapes ({@link ConversationCursor}). Needs no daemon. Stateless.
 *
 * @param styles how recordings look
 */
public record ConversationExport(RecordingStyles styles) {
    /**
     * What is exported.
     *
     * @param parts the sources that hold the conversation, in the order in which it went on in them; at least one
     * @param subagents where the lines of its subagents are, by their names
     * @param outputs the files that large outputs of tools stand in
     * @param title the session's title or snippet; may be empty
     * @param created when the conversation began, where that is known
     */
    public record Subject(
            SessionKey session,
            List<BranchSource> parts,
            Map<String, BranchSource> subagents,
            ToolOutputFiles outputs,
            String title,
            Optional<Instant> created) {
        public Subject {
            Objects.requireNonNull(session, "session");
            parts = List.copyOf(parts);
            if (parts.isEmpty()) {
                throw new IllegalArgumentException("a conversation stands somewhere");
            }
            subagents = Map.copyOf(subagents);
            Objects.requireNonNull(outputs, "outputs");
            Objects.requireNonNull(title, "title");
            Objects.requireNonNull(created, "created");
        }

        Provider provider() {
            return parts.getFirst().provider();
        }
    }

    /** Where it goes. */
    public interface Sink {
        /** The next text; whole lines. */
        void write(String text) throws IOException;

        /** So many bytes of the conversation's tapes were read. */
        void at(long bytes);
    }

    /**
     * Writes the conversation.
     *
     * @param note the file that the text goes to, beside which its attachments are written; without one they are not
     * @return the events that were rendered
     */
    public long write(Subject subject, RecordingFormat format, Optional<Path> note, Sink sink) throws IOException {
        String speaker = subject.provider().displayName();
        Path file =
                note.orElseGet(() -> Path.of("conversation" + format.suffix()).toAbsolutePath());
        RecordingStyle style = styles.of(subject.session().provider(), file);
        RecordingWriter writer = RecordingWriter.start(format, RecordingFormat.fileName(file), speaker, style);
        Rendered begin = writer.begin(new RecordingHeader(
                subject.title(),
                subject.session(),
                speaker,
                List.of(styles.settings(subject.session().provider()).userName(), speaker),
                subject.created(),
                RecordingHeader.Place.NEW_FILE));
        Output output = new Output(subject, note, sink);
        output.write(begin);
        SubagentExport work = new SubagentExport(subject, format, file, style, output);
        long rendered = 0;
        try (ConversationCursor cursor = new ConversationCursor(subject.parts())) {
            for (Optional<ConversationEvent> next = cursor.peek(); next.isPresent(); next = cursor.peek()) {
                ConversationEvent event = next.get();
                Optional<String> line = TapeRenderer.workBefore(event, style.subagents());
                if (line.isPresent()) {
                    rendered += work.write(event, line.get(), cursor.source(), cursor.hasMet(line.get()));
                }
                output.write(writer.append(event).on(cursor.source().tapeFolder()));
                rendered++;
                cursor.take();
                sink.at(cursor.bytesRead());
            }
            rendered += work.writeUnnamed(cursor.otherLines());
        }
        return rendered;
    }

    /** Writes what was rendered, and what it links to beside the note. */
    record Output(Subject subject, Optional<Path> note, Sink sink) {
        void write(Rendered text) throws IOException {
            if (note.isPresent() && !text.assets().isEmpty()) {
                new AssetFiles()
                        .write(
                                subject.parts().getFirst().tapeFolder(),
                                note.get(),
                                text.assets(),
                                reference -> subject.outputs().tape(subject.session(), reference));
            }
            sink.write(text.text());
        }
    }
}
