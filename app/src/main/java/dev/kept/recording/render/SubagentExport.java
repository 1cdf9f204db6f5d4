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
 * The work of subagents in an export, where {@link TapeRenderer} shows it in a recording: before the event that names
 * its branch, each event once, with nested subagents inside. For one export; not thread-safe.
 */
final class SubagentExport {
    private static final TapePosition END = new TapePosition(Integer.MAX_VALUE, 0, 0);

    private final ConversationExport.Subject subject;
    private final RecordingFormat format;
    private final String fileName;
    private final RecordingStyle style;
    private final ConversationExport.Output output;

    /** Positions up to which branches with a file of their own were rendered. */
    private final Map<String, TapePosition> renderedUpTo = new HashMap<>();

    /** Branches that were rendered from the file of another branch. */
    private final Set<String> renderedInline = new HashSet<>();

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
     * Writes what was not rendered yet of a branch.
     *
     * @param named the event that names it
     * @param name the name used there
     * @param around the source of that event
     * @param met whether events of the branch are in that source too
     * @return the number of events that were rendered
     */
    long write(ConversationEvent named, String name, BranchSource around, boolean met) throws IOException {
        String branch = StoppedWork.isOfPrompt(name) ? branchOf(name) : name;
        BranchSource own = subject.subagents().get(branch);
        boolean inline = own == null && met && StoppedWork.mayBeInline(named);
        boolean known = own != null ? !renderedInline.contains(branch) : inline && renderedInline.add(branch);
        if (!known || within.contains(branch) || within.size() >= TapeRenderer.MAX_NESTING) {
            return 0;
        }
        within.push(branch);
        try {
            TapePosition end = inline ? named.header().source().position() : END;
            boolean stopped = StoppedWork.isStopped(named);
            return write(branch, own == null ? around : own, end, _ -> stopped);
        } finally {
            within.pop();
        }
    }

    /** Returns the branch that begins with the words of a call; of several, the first by name that was not rendered. */
    private String branchOf(String named) {
        return subject.subagents().values().stream()
                .filter(source -> !renderedUpTo.containsKey(source.branch()) && !within.contains(source.branch()))
                .sorted(Comparator.comparing(BranchSource::branch))
                .filter(source -> SubagentBranches.beginsWith(source, named))
                .map(BranchSource::branch)
                .findFirst()
                .orElse(named);
    }

    /**
     * Writes the work that no event of the conversation names: of subagents that were stopped, have not ended, or ran
     * on their own.
     *
     * @param inline branches inside the files of the conversation, with those files
     * @return the number of events that were rendered
     */
    long writeUnnamed(Map<String, BranchSource> inline) throws IOException {
        if (style.subagents() == SubagentDetail.OMIT) {
            return 0;
        }
        Map<String, BranchSource> unnamed = new TreeMap<>(subject.subagents());
        unnamed.keySet().removeAll(renderedUpTo.keySet());
        unnamed.keySet().removeAll(renderedInline);
        for (Map.Entry<String, BranchSource> branch : inline.entrySet()) {
            if (!renderedUpTo.containsKey(branch.getKey()) && !renderedInline.contains(branch.getKey())) {
                unnamed.putIfAbsent(branch.getKey(), branch.getValue());
            }
        }
        long rendered = 0;
        for (Map.Entry<String, BranchSource> branch : unnamed.entrySet()) {
            // One of them may have rendered another.
            if (!renderedUpTo.containsKey(branch.getKey()) && !renderedInline.contains(branch.getKey())) {
                within.push(branch.getKey());
                rendered += write(branch.getKey(), branch.getValue(), END, last -> !(last instanceof AssistantMessage));
                within.pop();
            }
        }
        return rendered;
    }

    private long write(String branch, BranchSource source, TapePosition end, Predicate<ConversationEvent> isStopped)
            throws IOException {
        RecordingWriter writer =
                RecordingWriter.start(format, fileName, TapeRenderer.subagentName(subject.provider()), style);
        long rendered = 0;
        boolean begun = false;
        ConversationEvent last = null;
        try (ReplayCursor cursor = new ReplayCursor(source)) {
            cursor.skipTo(renderedUpTo.getOrDefault(branch, TapePosition.START));
            for (Optional<ConversationEvent> next = cursor.peek(); next.isPresent(); next = cursor.peek()) {
                ConversationEvent event = next.get();
                TapePosition place = event.header().source().position();
                if (!place.isBefore(end)) {
                    break;
                }
                if (event.header().line().equals(branch)) {
                    Optional<String> inner = TapeRenderer.workBefore(event, style.subagents());
                    if (inner.isPresent()) {
                        rendered += write(event, inner.get(), source, cursor.hasSeen(inner.get()));
                    }
                    if (!begun) {
                        output.write(writer.beginSubagent(branch, style.subagents()));
                        begun = true;
                    }
                    output.write(writer.append(event).on(source.tapeFolder()));
                    rendered++;
                    last = event;
                }
                renderedUpTo.put(branch, place.next());
                cursor.consume();
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
