package dev.kept.recording.render;

import dev.kept.model.ConversationEvent;
import dev.kept.model.ConversationEvent.AssistantMessage;
import dev.kept.model.TapePosition;
import dev.kept.provider.support.StoppedWork;
import dev.kept.recording.writer.RecordingFormat;
import dev.kept.recording.writer.RecordingStyle;
import dev.kept.recording.writer.RecordingWriter;
import dev.kept.recording.writer.Rendered;
import dev.kept.recording.writer.SubagentDetail;
import dev.kept.replay.BranchSource;
import dev.kept.replay.ReplayCursor;
import dev.kept.replay.SubagentBranches;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * The work of subagents in an export, where {@link TapeRenderer} shows it in a recording: before the event that names its
 * line, each event once, their own subagents' work in theirs. For one export; not thread-safe.
 */
final class SubagentExport {
    private static final TapePosition END = new TapePosition(Integer.MAX_VALUE, 0, 0);

    private final ConversationExport.Subject subject;
    private final RecordingFormat format;
    private final String fileName;
    private final RecordingStyle style;
    private final ConversationExport.Output output;

    /** Up to where lines were told that have a file of their own. */
    private final Map<String, TapePosition> told = new HashMap<>();

    /** Lines that were told from the file of another line. */
    private final Set<String> toldInline = new HashSet<>();

    private final Deque<String> within = new ArrayDeque<>();

    SubagentExport(
            ConversationExport.Subject subject,
            RecordingFormat format,
            Path file,
            RecordingStyle style,
            ConversationExport.Output output) {
        this.subject = subject;
        this.format = format;
        this.fileName = RecordingFormat.fileName(file);
        this.style = style;
        this.output = output;
    }

    /**
     * Writes what was not told yet of a line.
     *
     * @param named the event that names it
     * @param name what it names it
     * @param around where that event stands
     * @param met whether events of the line stand there too
     * @return the events that were rendered
     */
    long write(ConversationEvent named, String name, BranchSource around, boolean met) throws IOException {
        String line = StoppedWork.isOfPrompt(name) ? lineOf(name) : name;
        BranchSource own = subject.subagents().get(line);
        boolean inline = own == null && met && StoppedWork.mayBeInline(named);
        boolean known = own != null ? !toldInline.contains(line) : inline && toldInline.add(line);
        if (!known || within.contains(line) || within.size() >= TapeRenderer.MOST_FOLDS) {
            return 0;
        }
        within.push(line);
        try {
            TapePosition end = inline ? named.header().source().position() : END;
            boolean stopped = StoppedWork.isStopped(named);
            return write(line, own == null ? around : own, end, _ -> stopped);
        } finally {
            within.pop();
        }
    }

    /** The line that begins with the words of a call, of several the first by name that was not told. */
    private String lineOf(String named) {
        return subject.subagents().values().stream()
                .filter(source -> !told.containsKey(source.line()) && !within.contains(source.line()))
                .sorted(Comparator.comparing(BranchSource::line))
                .filter(source -> SubagentBranches.beginsWith(source, named))
                .map(BranchSource::line)
                .findFirst()
                .orElse(named);
    }

    /**
     * Writes the work that no event of the conversation names: of subagents that were stopped or have not ended, and beside it.
     *
     * @param inline lines that stand in the files of the conversation, with those
     * @return the events that were rendered
     */
    long writeUnnamed(Map<String, BranchSource> inline) throws IOException {
        if (style.subagents() == SubagentDetail.OMIT) {
            return 0;
        }
        Map<String, BranchSource> unnamed = new TreeMap<>(subject.subagents());
        unnamed.keySet().removeAll(told.keySet());
        unnamed.keySet().removeAll(toldInline);
        for (Map.Entry<String, BranchSource> line : inline.entrySet()) {
            if (!told.containsKey(line.getKey()) && !toldInline.contains(line.getKey())) {
                unnamed.putIfAbsent(line.getKey(), line.getValue());
            }
        }
        long rendered = 0;
        for (Map.Entry<String, BranchSource> line : unnamed.entrySet()) {
            // One of them may have told another.
            if (!told.containsKey(line.getKey()) && !toldInline.contains(line.getKey())) {
                within.push(line.getKey());
                rendered += write(line.getKey(), line.getValue(), END, last -> !(last instanceof AssistantMessage));
                within.pop();
            }
        }
        return rendered;
    }

    private long write(String line, BranchSource source, TapePosition end, Predicate<ConversationEvent> isStopped)
            throws IOException {
        RecordingWriter writer =
                RecordingWriter.start(format, fileName, TapeRenderer.subagentName(subject.provider()), style);
        long rendered = 0;
        boolean begun = false;
        ConversationEvent last = null;
        try (ReplayCursor cursor = new ReplayCursor(source)) {
            cursor.skipTo(told.getOrDefault(line, TapePosition.START));
            for (Optional<ConversationEvent> next = cursor.peek(); next.isPresent(); next = cursor.peek()) {
                ConversationEvent event = next.get();
                TapePosition place = event.header().source().position();
                if (!place.isBefore(end)) {
                    break;
                }
                if (event.header().line().equals(line)) {
                    Optional<String> inner = TapeRenderer.workBefore(event, style.subagents());
                    if (inner.isPresent()) {
                        rendered += write(event, inner.get(), source, cursor.hasMet(inner.get()));
                    }
                    if (!begun) {
                        output.write(writer.beginSubagent(line, style.subagents()));
                        begun = true;
                    }
                    output.write(writer.append(event).on(source.tapeFolder()));
                    rendered++;
                    last = event;
                }
                told.put(line, place.next());
                cursor.take();
            }
        }
        if (last != null && format == RecordingFormat.MARKDOWN && isStopped.test(last)) {
            output.write(Rendered.of(TapeRenderer.STOPPED));
        }
        if (begun) {
            output.write(writer.endSubagent(style.subagents()));
        }
        return rendered;
    }
}
