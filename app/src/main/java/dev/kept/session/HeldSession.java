package dev.kept.session;

import dev.kept.model.ConversationEvent;
import dev.kept.model.ConversationEvent.AssistantDecision;
import dev.kept.model.ConversationEvent.AssistantMessage;
import dev.kept.model.ConversationEvent.AssistantThinking;
import dev.kept.model.ConversationEvent.ProviderInfo;
import dev.kept.model.ConversationEvent.ProviderRaw;
import dev.kept.model.ConversationEvent.SystemMessage;
import dev.kept.model.ConversationEvent.ToolCall;
import dev.kept.model.ConversationEvent.ToolResult;
import dev.kept.model.ConversationEvent.UserCommand;
import dev.kept.model.ConversationEvent.UserDecision;
import dev.kept.model.ConversationEvent.UserMessage;
import dev.kept.model.SessionKey;
import dev.kept.model.TokenUsage;
import dev.kept.provider.SessionFact;
import dev.kept.provider.SessionFact.Title.Origin;
import dev.kept.provider.StateReader;
import dev.kept.provider.StateWriter;
import dev.kept.provider.support.PlanHeading;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;

/** One session in the store: its packed events and its metadata. Owned by the pipeline thread. */
final class HeldSession {
    private final EventLog log;
    private final HeapLayout layout;
    private int place;
    private SessionSnapshotStatusMetadata metadata;

    /** True while the snippet is a command, or from a handed-over conversation, because nobody said anything yet. */
    private boolean provisional;

    private boolean amongActive;
    private int textBytes;
    private long charged;

    /** @param place index of its metadata in the {@link MetadataPages} */
    HeldSession(SessionKey key, int place, HeapLayout layout) {
        this.layout = layout;
        this.place = place;
        this.log = new EventLog(layout);
        this.metadata = new SessionSnapshotStatusMetadata(
                key,
                "",
                "",
                Origin.WORDS,
                "",
                "",
                "",
                "",
                "",
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                0,
                true,
                0,
                0,
                TokenUsage.NONE,
                0);
        this.textBytes = MetadataFootprint.texts(metadata, layout);
    }

    private HeldSession(SessionSnapshotStatusMetadata metadata, StateReader in, int place, HeapLayout layout)
            throws IOException {
        this.layout = layout;
        this.place = place;
        this.log = new EventLog(layout);
        this.metadata = metadata;
        this.textBytes = MetadataFootprint.texts(metadata, layout);
        this.provisional = in.flag();
    }

    /** Writes everything except the events. */
    void save(StateWriter out) {
        MetadataState.write(metadata, out);
        out.flag(provisional);
    }

    static HeldSession restore(StateReader in, int place, HeapLayout layout) throws IOException {
        return new HeldSession(MetadataState.read(in), in, place, layout);
    }

    /** Returns the bytes of heap that the texts of its metadata take. */
    int textBytes() {
        return textBytes;
    }

    int place() {
        return place;
    }

    void moveTo(int newPlace) {
        place = newPlace;
    }

    /** Reports whether it is one of {@link ActiveSessions}. */
    boolean isAmongActive() {
        return amongActive;
    }

    void setAmongActive(boolean is) {
        amongActive = is;
    }

    EventLog log() {
        return log;
    }

    SessionSnapshotStatusMetadata metadata() {
        return metadata;
    }

    RuntimeSessionSnapshot snapshot() {
        return new RuntimeSessionSnapshot(metadata, metadata.eventCount() - log.count(), log.view());
    }

    void updateSource(boolean present, long modifiedAtMs) {
        Change change = new Change();
        change.sourcePresent = present;
        change.fileModifiedAtMs = modifiedAtMs == 0 ? metadata.fileModifiedAtMs() : modifiedAtMs;
        metadata = change.build();
    }

    /**
     * Appends an update.
     *
     * @param keep whether the events are held, or only counted
     * @param room whether there is room for texts of full length
     */
    void append(SessionUpdate update, ByteSink sink, boolean keep, boolean room) {
        Change change = new Change();
        for (SessionFact fact : update.facts()) {
            change.apply(room ? fact : fact.brief());
        }
        for (ConversationEvent event : update.events()) {
            if (keep) {
                sink.clear();
                EventCodec.write(event, sink);
                log.append(sink);
            }
            change.apply(event);
        }
        sink.clear();
        change.updates++;
        boolean sameTexts = change.hasTheTextsOf(metadata);
        metadata = change.build();
        textBytes = sameTexts ? textBytes : MetadataFootprint.texts(metadata, layout);
    }

    /** Adds the counts of another session, which is a part of this one; where both have a value, this one's stays. */
    void absorb(SessionSnapshotStatusMetadata part) {
        Change change = new Change();
        change.absorb(part);
        metadata = change.build();
        textBytes = MetadataFootprint.texts(metadata, layout);
    }

    /** Updates the metadata after events were dropped from the log. */
    void updateAfterDrop() {
        metadata = new Change().build();
    }

    /** Updates the charge of this session to its current size; returns the difference. */
    long recharge() {
        long now = heapBytes();
        long difference = now - charged;
        charged = now;
        return difference;
    }

    /** Returns the bytes that this session was last charged with. */
    long charged() {
        return charged;
    }

    /**
     * Returns the bytes that it takes, with its entries in the store's maps (in that of resident sessions while it
     * holds events).
     */
    private long heapBytes() {
        long held = layout.object(3 * 4 + 2 + 2 * 4 + 8) + log.heapBytes();
        long entries =
                MetadataFootprint.mapEntry(layout) + (log.count() > 0 ? MetadataFootprint.linkedEntry(layout) : 0);
        return held + textBytes + MetadataFootprint.withoutTexts(metadata, layout) + entries;
    }

    /** A builder of the next metadata: one object for a whole update. */
    private final class Change {
        private String snippet = metadata.snippet();
        private String title = metadata.title();
        private Origin titleOrigin = metadata.titleOrigin();
        private String workingDirectory = metadata.workingDirectory();
        private String gitBranch = metadata.gitBranch();
        private String clientVersion = metadata.clientVersion();
        private String model = metadata.model();
        private String forkedFrom = metadata.forkedFrom();
        private Optional<Instant> firstEventAt = metadata.firstEventAt();
        private Optional<Instant> lastEventAt = metadata.lastEventAt();
        private Optional<Instant> lastMessageAt = metadata.lastMessageAt();
        private long fileModifiedAtMs = metadata.fileModifiedAtMs();
        private boolean sourcePresent = metadata.sourcePresent();
        private long eventCount = metadata.eventCount();
        private TokenUsage usage = metadata.usage();
        private long updates = metadata.updates();

        void apply(SessionFact fact) {
            switch (fact) {
                case SessionFact.Identity _, SessionFact.ChildOf _ -> {}
                case SessionFact.Title(var text, var origin) -> {
                    switch (origin) {
                        case PERSON, AGENT, PLAN -> entitle(Snippet.of(text), origin);
                        case WORDS, COMMAND -> beginWith(Snippet.of(text), origin);
                    }
                }
                case SessionFact.WorkingDirectory(var path) -> workingDirectory = same(workingDirectory, path);
                case SessionFact.GitBranch(var name) -> gitBranch = same(gitBranch, name);
                case SessionFact.ClientVersion(var version) -> clientVersion = same(clientVersion, version);
                case SessionFact.Model(var name) -> model = same(model, name);
                case SessionFact.ForkedFrom(var sessionId) -> forkedFrom = same(forkedFrom, sessionId);
            }
        }

        private void entitle(String text, Origin origin) {
            boolean counts = title.isEmpty() || origin.compareTo(titleOrigin) <= 0;
            if (counts && !text.isEmpty()) {
                title = same(title, text);
                titleOrigin = origin;
            }
        }

        /** Sets a provisional snippet, until somebody says something. */
        private void beginWith(String text, Origin origin) {
            if (snippet.isEmpty() && !text.isEmpty()) {
                snippet = text;
                provisional = true;
                titleOrigin = title.isEmpty() ? origin : titleOrigin;
            }
        }

        /** Notes a message of a person, or of the agent in a person's place. */
        private void noteMessage(UserMessage message) {
            if (!snippet.isEmpty() && !provisional) {
                return;
            }
            if (message.header().onMainLine() && (title.isEmpty() || titleOrigin != Origin.PLAN)) {
                PlanHeading.of(message.text()).ifPresent(heading -> entitle(Snippet.of(heading), Origin.PLAN));
            }
            String said = message.header().authorship().authored() ? Snippet.of(message.text()) : "";
            if (!said.isEmpty()) {
                snippet = said;
                provisional = false;
                titleOrigin = title.isEmpty() ? Origin.WORDS : titleOrigin;
            }
        }

        void apply(ConversationEvent event) {
            eventCount++;
            Optional<Instant> at = event.header().timestamp();
            firstEventAt = firstEventAt.isPresent() ? firstEventAt : at;
            lastEventAt = later(lastEventAt, at);
            switch (event) {
                case UserMessage message -> {
                    lastMessageAt = later(lastMessageAt, at);
                    noteMessage(message);
                }
                case AssistantMessage message -> {
                    lastMessageAt = later(lastMessageAt, at);
                    usage = usage.plus(message.call().usage());
                }
                case AssistantThinking thinking ->
                    usage = usage.plus(thinking.call().usage());
                case AssistantDecision decision ->
                    usage = usage.plus(decision.call().usage());
                case ToolCall call -> usage = usage.plus(call.call().usage());
                case ProviderInfo info -> usage = usage.plus(info.call().usage());
                case UserCommand command -> {
                    if (snippet.isEmpty() && command.header().onMainLine()) {
                        String separator = command.name().equals("!") ? "" : " ";
                        beginWith(Snippet.of(command.name() + separator + command.arguments()), Origin.COMMAND);
                    }
                }
                case UserDecision _, ToolResult _, SystemMessage _, ProviderRaw _ -> {}
            }
        }

        void absorb(SessionSnapshotStatusMetadata part) {
            if (!part.title().isEmpty()) {
                entitle(part.title(), part.titleOrigin());
            }
            if (snippet.isEmpty()) {
                snippet = part.snippet();
                titleOrigin = title.isEmpty() ? part.titleOrigin() : titleOrigin;
            }
            workingDirectory = first(workingDirectory, part.workingDirectory());
            gitBranch = first(gitBranch, part.gitBranch());
            clientVersion = first(clientVersion, part.clientVersion());
            model = first(model, part.model());
            forkedFrom = first(forkedFrom, part.forkedFrom());
            firstEventAt = Stream.of(firstEventAt, part.firstEventAt())
                    .flatMap(Optional::stream)
                    .min(Instant::compareTo);
            lastEventAt = later(lastEventAt, part.lastEventAt());
            lastMessageAt = later(lastMessageAt, part.lastMessageAt());
            eventCount += part.eventCount();
            usage = usage.plus(part.usage());
            updates++;
        }

        private static String first(String a, String b) {
            return a.isEmpty() ? b : a;
        }

        private static String same(String old, String now) {
            return old.equals(now) ? old : now;
        }

        private static Optional<Instant> shared(Optional<Instant> time, Optional<Instant> held) {
            return time.equals(held) ? held : time;
        }

        private static Optional<Instant> later(Optional<Instant> known, Optional<Instant> now) {
            return now.isPresent() && (known.isEmpty() || now.get().isAfter(known.get())) ? now : known;
        }

        /** Reports whether all texts are the same objects as before; compares no characters. */
        boolean hasTheTextsOf(SessionSnapshotStatusMetadata before) {
            return snippet.equals(before.snippet())
                    && title.equals(before.title())
                    && workingDirectory.equals(before.workingDirectory())
                    && gitBranch.equals(before.gitBranch())
                    && clientVersion.equals(before.clientVersion())
                    && model.equals(before.model())
                    && forkedFrom.equals(before.forkedFrom());
        }

        /**
         * Returns the metadata. Shares what is charged only once: equal times are one object, and no usage is the
         * constant.
         */
        SessionSnapshotStatusMetadata build() {
            Optional<Instant> eventAt = shared(lastEventAt, firstEventAt);
            Optional<Instant> messageAt = shared(shared(lastMessageAt, firstEventAt), eventAt);
            return new SessionSnapshotStatusMetadata(
                    metadata.key(),
                    snippet,
                    title,
                    titleOrigin,
                    workingDirectory,
                    gitBranch,
                    clientVersion,
                    model,
                    forkedFrom,
                    firstEventAt,
                    eventAt,
                    messageAt,
                    fileModifiedAtMs,
                    sourcePresent,
                    eventCount,
                    log.count(),
                    usage.isNone() ? TokenUsage.NONE : usage,
                    updates);
        }
    }
}
