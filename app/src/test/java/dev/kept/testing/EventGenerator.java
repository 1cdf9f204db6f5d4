package dev.kept.testing;

import dev.kept.model.Authorship;
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
import dev.kept.model.EventHeader;
import dev.kept.model.EventSource;
import dev.kept.model.ModelCall;
import dev.kept.model.TapeReference;
import dev.kept.model.TokenUsage;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Makes random events of every kind. */
public final class EventGenerator {
    /** How many kinds there are; {@link #event(int)} takes one less at most. */
    public static final int KINDS = 11;

    private final Generator random;

    public EventGenerator(Generator random) {
        this.random = random;
    }

    /** What a person said, by itself at a fixed place of its source. */
    public static UserMessage userMessage(String text) {
        return new UserMessage(header("id", Optional.empty(), Authorship.TYPED), text, List.of());
    }

    /** The same, at a time. */
    public static UserMessage userMessage(String text, Instant at) {
        return new UserMessage(header("id", Optional.of(at), Authorship.TYPED), text, List.of());
    }

    /** A header on the main line of the first generation's first record. */
    public static EventHeader header(String eventId, Optional<Instant> at, Authorship authorship) {
        return new EventHeader(
                eventId,
                at,
                Optional.empty(),
                Optional.empty(),
                EventHeader.MAIN_LINE,
                authorship,
                new EventSource("user", 1, 0, 10, 0));
    }

    public ConversationEvent event() {
        return event(random.below(KINDS));
    }

    /** An event of that kind. */
    public ConversationEvent event(int kind) {
        return switch (kind) {
            case 0 -> new UserMessage(header(), text(), references());
            case 1 -> new UserCommand(header(), text(), text());
            case 2 -> new UserDecision(header(), text(), random.oneOf(UserDecision.Outcome.values()), text());
            case 3 -> new AssistantMessage(header(), text(), call(), references());
            case 4 -> new AssistantThinking(header(), text(), call(), references());
            case 5 -> new AssistantDecision(header(), text(), text(), call());
            case 6 -> new ToolCall(header(), text(), text(), text(), call(), references());
            case 7 -> new ToolResult(header(), text(), text(), random.oneIn(2), references());
            case 8 -> new SystemMessage(header(), text(), text());
            case 9 -> new ProviderInfo(header(), text(), text(), call());
            default -> new ProviderRaw(header(), text());
        };
    }

    private EventHeader header() {
        return new EventHeader(
                text(),
                random.maybe(() -> random.oneOf(
                        Instant.ofEpochSecond(random.below(2_000_000_000), random.below(1_000_000_000)),
                        // Made anew: what a store is charged for is not shared with the JDK.
                        Instant.ofEpochSecond(Instant.MIN.getEpochSecond(), Instant.MIN.getNano()),
                        Instant.ofEpochSecond(Instant.MAX.getEpochSecond(), Instant.MAX.getNano()),
                        Instant.EPOCH)),
                random.maybe(this::text),
                random.maybe(this::text),
                random.oneIn(2) ? EventHeader.MAIN_LINE : text(),
                random.oneOf(Authorship.values()),
                new EventSource(
                        text(), random.between(1, 500), random.number(), random.number(), random.below(1_000_000)));
    }

    private String text() {
        return random.brokenText(random.oneIn(20) ? 5_000 : 30);
    }

    private ModelCall call() {
        return new ModelCall(
                text(), text(), new TokenUsage(random.number(), random.number(), random.number(), random.number()));
    }

    private List<TapeReference> references() {
        return random.listOf(
                3,
                () -> new TapeReference(
                        text(),
                        random.between(1, Integer.MAX_VALUE - 1),
                        random.number() & Long.MAX_VALUE,
                        random.number() & Long.MAX_VALUE,
                        text()));
    }
}
