package dev.kept.provider;

import dev.kept.json.JsonWriter;
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
import java.io.StringWriter;
import java.util.List;
import java.util.Locale;
import tools.jackson.core.JsonGenerator;

/**
 * A writer of events as JSON, one object each. The member names are public: JSONL recordings and golden files contain
 * them.
 */
public final class EventJson {
    private EventJson() {}

    /** Returns the event as one line of JSON, without a line end. */
    public static String line(ConversationEvent event) {
        return line(event, "");
    }

    /** Returns the event as one line of JSON that ends with {@code lineEnd}. */
    public static String line(ConversationEvent event, String lineEnd) {
        StringWriter text = new StringWriter();
        try (JsonGenerator out = JsonWriter.compact(JsonWriter.keptOpen(text))) {
            write(out, event);
        }
        return text.append(lineEnd).toString();
    }

    /** Writes the event to the generator. Absent and empty members are left out, except for the text itself. */
    public static void write(JsonGenerator out, ConversationEvent event) {
        out.writeStartObject();
        out.writeStringProperty("kind", event.kind());
        writeHeader(out, event.header());
        switch (event) {
            case UserMessage message -> writeText(out, message.text(), message.references());
            case UserCommand command -> {
                out.writeStringProperty("name", command.name());
                out.writeStringProperty("arguments", command.arguments());
            }
            case UserDecision decision -> {
                out.writeStringProperty("decisionId", decision.decisionId());
                out.writeStringProperty("outcome", decision.outcome().name().toLowerCase(Locale.ROOT));
                out.writeStringProperty("text", decision.text());
            }
            case AssistantMessage message -> {
                writeText(out, message.text(), message.references());
                writeCall(out, message.call());
            }
            case AssistantThinking thinking -> {
                writeText(out, thinking.text(), thinking.references());
                writeCall(out, thinking.call());
            }
            case AssistantDecision decision -> {
                out.writeStringProperty("decisionId", decision.decisionId());
                out.writeStringProperty("text", decision.text());
                writeCall(out, decision.call());
            }
            case ToolCall call -> {
                out.writeStringProperty("callId", call.callId());
                out.writeStringProperty("name", call.name());
                out.writeStringProperty("input", call.input());
                writeReferences(out, call.references());
                writeCall(out, call.call());
            }
            case ToolResult result -> {
                out.writeStringProperty("callId", result.callId());
                out.writeBooleanProperty("error", result.error());
                result.subagent().ifPresent(line -> out.writeStringProperty("subagent", line));
                writeText(out, result.text(), result.references());
            }
            case SystemMessage message -> {
                out.writeStringProperty("subtype", message.subtype());
                message.subagent().ifPresent(line -> out.writeStringProperty("subagent", line));
                out.writeStringProperty("text", message.text());
            }
            case ProviderInfo info -> {
                out.writeStringProperty("subtype", info.subtype());
                out.writeStringProperty("text", info.text());
                writeCall(out, info.call());
            }
            case ProviderRaw raw -> out.writeStringProperty("reason", raw.reason());
        }
        out.writeEndObject();
    }

    private static void writeHeader(JsonGenerator out, EventHeader header) {
        out.writeStringProperty("eventId", header.eventId());
        header.timestamp().ifPresent(time -> out.writeStringProperty("timestamp", time.toString()));
        header.turnId().ifPresent(turn -> out.writeStringProperty("turnId", turn));
        header.parentId().ifPresent(parent -> out.writeStringProperty("parentId", parent));
        out.writeStringProperty("line", header.line());
        out.writeStringProperty("authorship", header.authorship().name().toLowerCase(Locale.ROOT));
        EventSource source = header.source();
        out.writeObjectPropertyStart("source");
        out.writeStringProperty("recordType", source.recordType());
        out.writeNumberProperty("generation", source.generation());
        out.writeNumberProperty("offset", source.offset());
        out.writeNumberProperty("length", source.length());
        out.writeNumberProperty("index", source.index());
        out.writeEndObject();
    }

    private static void writeText(JsonGenerator out, String text, List<TapeReference> references) {
        out.writeStringProperty("text", text);
        writeReferences(out, references);
    }

    private static void writeReferences(JsonGenerator out, List<TapeReference> references) {
        if (references.isEmpty()) {
            return;
        }
        out.writeArrayPropertyStart("references");
        for (TapeReference reference : references) {
            out.writeStartObject();
            out.writeStringProperty("mediaType", reference.mediaType());
            out.writeNumberProperty("generation", reference.generation());
            out.writeNumberProperty("offset", reference.offset());
            out.writeNumberProperty("length", reference.length());
            if (!reference.sha256().isEmpty()) {
                out.writeStringProperty("sha256", reference.sha256());
            }
            reference.file().ifPresent(file -> out.writeStringProperty("file", file));
            out.writeEndObject();
        }
        out.writeEndArray();
    }

    private static void writeCall(JsonGenerator out, ModelCall call) {
        if (!call.messageId().isEmpty()) {
            out.writeStringProperty("messageId", call.messageId());
        }
        if (!call.model().isEmpty()) {
            out.writeStringProperty("model", call.model());
        }
        TokenUsage usage = call.usage();
        if (!usage.isNone()) {
            out.writeObjectPropertyStart("usage");
            out.writeNumberProperty("input", usage.input());
            out.writeNumberProperty("cacheCreation", usage.cacheCreation());
            out.writeNumberProperty("cacheRead", usage.cacheRead());
            out.writeNumberProperty("output", usage.output());
            out.writeEndObject();
        }
    }
}
