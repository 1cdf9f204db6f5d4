package dev.kept.benchmarks;

import dev.kept.agents.claude.ClaudeProvider;
import dev.kept.model.ConversationEvent;
import dev.kept.model.EventHeader;
import dev.kept.model.SessionKey;
import dev.kept.provider.SourceKind;
import dev.kept.provider.decode.SourceDecoder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/** A workload as the daemon's parser reads it, one session at a time: together they may be larger than this heap. */
final class ParsedWorkload {
    private ParsedWorkload() {}

    /** Hands over each session's events. */
    static void forEachSession(WorkloadShape shape, BiConsumer<SessionKey, List<ConversationEvent>> out) {
        ClaudeProvider claude = new ClaudeProvider();
        for (SessionLines session : SessionLines.of(shape)) {
            SourceDecoder reading = new SourceDecoder(
                    claude, new SourceKind.Session(Optional.of(session.sessionId()), EventHeader.MAIN_LINE));
            List<ConversationEvent> events = new ArrayList<>();
            for (int i = 0; i < shape.events(); i++) {
                byte[] line = session.next();
                reading.accept(line, 0, line.length, read -> events.addAll(read.events()));
            }
            out.accept(new SessionKey(claude.name(), session.sessionId()), events);
        }
    }
}
