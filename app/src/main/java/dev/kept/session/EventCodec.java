package dev.kept.session;

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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The packed form of an event. In memory only: it may change with any version.
 *
 * <pre>
 * kind:1  flags:1 (bit 0 timestamp, 1 turnId, 2 parentId, 3 main line, 4-5 authorship)
 * eventId  [seconds nanos]  [turnId]  [parentId]  [line]
 * recordType generation offset length index
 * the kind's own fields in the order of its record
 * </pre>
 *
 * Numbers are variable-length, seven bits a byte, zig-zag where they may be negative; a text
 * follows twice its length in bytes: in UTF-8, or, with one added, in UTF-16 if UTF-8 cannot represent it.
 */
@SuppressWarnings("EnumOrdinal") // the packed form never leaves the process that wrote it
final class EventCodec {
    private static final int TIMESTAMP = 1;
    private static final int TURN = 2;
    private static final int PARENT = 4;
    private static final int MAIN_LINE = 8;
    private static final int AUTHORSHIP_SHIFT = 4;

    private static final int USER_MESSAGE = 0;
    private static final int USER_COMMAND = 1;
    private static final int USER_DECISION = 2;
    private static final int ASSISTANT_MESSAGE = 3;
    private static final int ASSISTANT_THINKING = 4;
    private static final int ASSISTANT_DECISION = 5;
    private static final int TOOL_CALL = 6;
    private static final int TOOL_RESULT = 7;
    private static final int SYSTEM_MESSAGE = 8;
    private static final int PROVIDER_INFO = 9;
    private static final int PROVIDER_RAW = 10;

    private static final Authorship[] AUTHORSHIPS = Authorship.values();
    private static final UserDecision.Outcome[] OUTCOMES = UserDecision.Outcome.values();

    private EventCodec() {}

    static void write(ConversationEvent event, ByteSink out) {
        switch (event) {
            case UserMessage(var header, var text, var references) -> {
                header(USER_MESSAGE, header, out);
                out.text(text);
                references(references, out);
            }
            case UserCommand(var header, var name, var arguments) -> {
                header(USER_COMMAND, header, out);
                out.text(name);
                out.text(arguments);
            }
            case UserDecision(var header, var decisionId, var outcome, var text) -> {
                header(USER_DECISION, header, out);
                out.text(decisionId);
                out.number(outcome.ordinal());
                out.text(text);
            }
            case AssistantMessage(var header, var text, var call, var references) -> {
                header(ASSISTANT_MESSAGE, header, out);
                out.text(text);
                call(call, out);
                references(references, out);
            }
            case AssistantThinking(var header, var text, var call, var references) -> {
                header(ASSISTANT_THINKING, header, out);
                out.text(text);
                call(call, out);
                references(references, out);
            }
            case AssistantDecision(var header, var decisionId, var text, var call) -> {
                header(ASSISTANT_DECISION, header, out);
                out.text(decisionId);
                out.text(text);
                call(call, out);
            }
            case ToolCall(var header, var callId, var name, var input, var call, var references) -> {
                header(TOOL_CALL, header, out);
                out.text(callId);
                out.text(name);
                out.text(input);
                call(call, out);
                references(references, out);
            }
            case ToolResult(var header, var callId, var text, var error, var references, var subagent) -> {
                header(TOOL_RESULT, header, out);
                out.text(callId);
                out.text(text);
                out.number((error ? 1 : 0) + (subagent.isPresent() ? 2 : 0));
                references(references, out);
                subagent.ifPresent(out::text);
            }
            case SystemMessage(var header, var subtype, var text, var subagent) -> {
                header(SYSTEM_MESSAGE, header, out);
                out.text(subtype);
                out.text(text);
                out.text(subagent.orElse(""));
            }
            case ProviderInfo(var header, var subtype, var text, var call) -> {
                header(PROVIDER_INFO, header, out);
                out.text(subtype);
                out.text(text);
                call(call, out);
            }
            case ProviderRaw(var header, var reason) -> {
                header(PROVIDER_RAW, header, out);
                out.text(reason);
            }
        }
    }

    static ConversationEvent read(ByteCursor in) {
        int kind = in.oneByte();
        EventHeader header = header(in);
        return switch (kind) {
            case USER_MESSAGE -> new UserMessage(header, in.text(), references(in));
            case USER_COMMAND -> new UserCommand(header, in.text(), in.text());
            case USER_DECISION -> new UserDecision(header, in.text(), OUTCOMES[(int) in.number()], in.text());
            case ASSISTANT_MESSAGE -> new AssistantMessage(header, in.text(), call(in), references(in));
            case ASSISTANT_THINKING -> new AssistantThinking(header, in.text(), call(in), references(in));
            case ASSISTANT_DECISION -> new AssistantDecision(header, in.text(), in.text(), call(in));
            case TOOL_CALL -> new ToolCall(header, in.text(), in.text(), in.text(), call(in), references(in));
            case TOOL_RESULT -> toolResult(header, in);
            case SYSTEM_MESSAGE ->
                new SystemMessage(
                        header, in.text(), in.text(), Optional.of(in.text()).filter(line -> !line.isEmpty()));
            case PROVIDER_INFO -> new ProviderInfo(header, in.text(), in.text(), call(in));
            case PROVIDER_RAW -> new ProviderRaw(header, in.text());
            default -> throw new IllegalStateException("no event kind " + kind);
        };
    }

    private static ToolResult toolResult(EventHeader header, ByteCursor in) {
        String callId = in.text();
        String text = in.text();
        long marks = in.number();
        List<TapeReference> references = references(in);
        Optional<String> subagent = (marks & 2) == 0 ? Optional.empty() : Optional.of(in.text());
        return new ToolResult(header, callId, text, (marks & 1) == 1, references, subagent);
    }

    private static void header(int kind, EventHeader header, ByteSink out) {
        out.oneByte(kind);
        out.oneByte((header.timestamp().isPresent() ? TIMESTAMP : 0)
                | (header.turnId().isPresent() ? TURN : 0)
                | (header.parentId().isPresent() ? PARENT : 0)
                | (header.onMainLine() ? MAIN_LINE : 0)
                | (header.authorship().ordinal() << AUTHORSHIP_SHIFT));
        out.text(header.eventId());
        // No lambdas: the daemon's compiler makes each of them an object, at a price, for every event.
        if (header.timestamp().isPresent()) {
            Instant at = header.timestamp().get();
            out.signed(at.getEpochSecond());
            out.number(at.getNano());
        }
        if (header.turnId().isPresent()) {
            out.text(header.turnId().get());
        }
        if (header.parentId().isPresent()) {
            out.text(header.parentId().get());
        }
        if (!header.onMainLine()) {
            out.text(header.line());
        }
        EventSource source = header.source();
        out.text(source.recordType());
        out.number(source.generation());
        out.number(source.offset());
        out.number(source.length());
        out.number(source.index());
    }

    private static EventHeader header(ByteCursor in) {
        int flags = in.oneByte();
        return new EventHeader(
                in.text(),
                in.instantIf((flags & TIMESTAMP) != 0),
                in.textIf((flags & TURN) != 0),
                in.textIf((flags & PARENT) != 0),
                (flags & MAIN_LINE) != 0 ? EventHeader.MAIN_LINE : in.text(),
                AUTHORSHIPS[flags >> AUTHORSHIP_SHIFT],
                new EventSource(in.text(), (int) in.number(), in.number(), in.number(), (int) in.number()));
    }

    private static void call(ModelCall call, ByteSink out) {
        out.text(call.messageId());
        out.text(call.model());
        TokenUsage usage = call.usage();
        out.signed(usage.input());
        out.signed(usage.cacheCreation());
        out.signed(usage.cacheRead());
        out.signed(usage.output());
    }

    private static ModelCall call(ByteCursor in) {
        return new ModelCall(in.text(), in.text(), new TokenUsage(in.signed(), in.signed(), in.signed(), in.signed()));
    }

    private static void references(List<TapeReference> references, ByteSink out) {
        out.number(references.size());
        for (TapeReference reference : references) {
            out.text(reference.mediaType());
            out.number(reference.generation());
            out.number(reference.offset());
            out.number(reference.length());
            out.text(reference.sha256());
            out.text(reference.file().orElse(""));
        }
    }

    private static List<TapeReference> references(ByteCursor in) {
        int count = (int) in.number();
        if (count == 0) {
            return List.of();
        }
        List<TapeReference> references = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            references.add(new TapeReference(
                    in.text(),
                    (int) in.number(),
                    in.number(),
                    in.number(),
                    in.text(),
                    Optional.of(in.text()).filter(file -> !file.isEmpty())));
        }
        return references;
    }
}
