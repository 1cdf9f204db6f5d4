package dev.kept.recording;

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
import dev.kept.model.ModelCall;
import dev.kept.model.TapeReference;
import java.io.StringWriter;
import java.util.List;
import java.util.Locale;
import tools.jackson.core.JsonGenerator;

/** The JSON form of an event: its kind, its header's facts, then what its kind has. */
final class RecordedEventJson {
    private RecordedEventJson() {}

    static String toJson(ConversationEvent event) {
        StringWriter text = new StringWriter();
        try (JsonGenerator out = JsonWriter.compact(text)) {
            out.writeStartObject();
            out.writeStringProperty("kind", event.kind());
            header(out, event.header());
            content(out, event);
            out.writeEndObject();
        }
        return text.toString();
    }

    private static void header(JsonGenerator out, EventHeader header) {
        out.writeStringProperty("eventId", header.eventId());
        header.timestamp().ifPresent(at -> out.writeStringProperty("timestamp", at.toString()));
        header.turnId().ifPresent(id -> out.writeStringProperty("turnId", id));
        header.parentId().ifPresent(id -> out.writeStringProperty("parentId", id));
        out.writeStringProperty("line", header.line());
        out.writeStringProperty("authorship", lower(header.authorship()));
        out.writeName("source");
        out.writeStartObject();
        out.writeStringProperty("recordType", header.source().recordType());
        out.writeNumberProperty("generation", header.source().generation());
        out.writeNumberProperty("offset", header.source().offset());
        out.writeNumberProperty("length", header.source().length());
        out.writeNumberProperty("index", header.source().index());
        out.writeEndObject();
    }

    private static void content(JsonGenerator out, ConversationEvent event) {
        switch (event) {
            case UserMessage it -> {
                out.writeStringProperty("text", it.text());
                references(out, it.references());
            }
            case UserCommand it -> {
                out.writeStringProperty("name", it.name());
                out.writeStringProperty("arguments", it.arguments());
            }
            case UserDecision it -> {
                out.writeStringProperty("decisionId", it.decisionId());
                out.writeStringProperty("outcome", lower(it.outcome()));
                out.writeStringProperty("text", it.text());
            }
            case AssistantMessage it -> {
                out.writeStringProperty("text", it.text());
                call(out, it.call());
                references(out, it.references());
            }
            case AssistantThinking it -> {
                out.writeStringProperty("text", it.text());
                call(out, it.call());
                references(out, it.references());
            }
            case AssistantDecision it -> {
                out.writeStringProperty("decisionId", it.decisionId());
                out.writeStringProperty("text", it.text());
                call(out, it.call());
            }
            case ToolCall it -> {
                out.writeStringProperty("callId", it.callId());
                out.writeStringProperty("name", it.name());
                out.writeStringProperty("input", it.input());
                call(out, it.call());
                references(out, it.references());
            }
            case ToolResult it -> {
                out.writeStringProperty("callId", it.callId());
                out.writeStringProperty("text", it.text());
                out.writeBooleanProperty("error", it.error());
                references(out, it.references());
            }
            case SystemMessage it -> {
                out.writeStringProperty("subtype", it.subtype());
                out.writeStringProperty("text", it.text());
            }
            case ProviderInfo it -> {
                out.writeStringProperty("subtype", it.subtype());
                out.writeStringProperty("text", it.text());
            }
            case ProviderRaw it -> out.writeStringProperty("reason", it.reason());
        }
    }

    private static void call(JsonGenerator out, ModelCall call) {
        if (!call.messageId().isEmpty()) {
            out.writeStringProperty("messageId", call.messageId());
        }
        if (!call.model().isEmpty()) {
            out.writeStringProperty("model", call.model());
        }
        if (!call.usage().isNone()) {
            out.writeName("usage");
            out.writeStartObject();
            out.writeNumberProperty("input", call.usage().input());
            out.writeNumberProperty("cacheCreation", call.usage().cacheCreation());
            out.writeNumberProperty("cacheRead", call.usage().cacheRead());
            out.writeNumberProperty("output", call.usage().output());
            out.writeEndObject();
        }
    }

    private static void references(JsonGenerator out, List<TapeReference> references) {
        if (references.isEmpty()) {
            return;
        }
        out.writeName("references");
        out.writeStartArray();
        for (TapeReference reference : references) {
            out.writeStartObject();
            out.writeStringProperty("mediaType", reference.mediaType());
            out.writeNumberProperty("generation", reference.generation());
            out.writeNumberProperty("offset", reference.offset());
            out.writeNumberProperty("length", reference.length());
            out.writeStringProperty("sha256", reference.sha256());
            out.writeEndObject();
        }
        out.writeEndArray();
    }

    private static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
