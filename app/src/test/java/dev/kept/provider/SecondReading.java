package dev.kept.provider;

import dev.kept.model.ConversationEvent;
import dev.kept.model.ConversationEvent.AssistantMessage;
import dev.kept.model.ConversationEvent.AssistantThinking;
import dev.kept.model.ConversationEvent.ProviderInfo;
import dev.kept.model.ConversationEvent.ToolCall;
import dev.kept.model.ConversationEvent.ToolResult;
import dev.kept.model.ConversationEvent.UserMessage;
import dev.kept.model.TokenUsage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Holds what a parser made of a file against what a second, slow and obvious reading of the raw JSON found. */
public final class SecondReading {
    private SecondReading() {}

    /** Adds what one of the two has and the other has not. */
    public static void compare(
            List<String> disagreements, Path file, String what, List<String> parser, List<String> oracle) {
        List<String> onlyParser = new ArrayList<>(parser);
        oracle.forEach(onlyParser::remove);
        List<String> onlyOracle = new ArrayList<>(oracle);
        parser.forEach(onlyOracle::remove);
        onlyParser.forEach(text -> disagreements.add(file.getFileName() + " " + what + " only parser: " + brief(text)));
        onlyOracle.forEach(text -> disagreements.add(file.getFileName() + " " + what + " only oracle: " + brief(text)));
    }

    private static String brief(String text) {
        return text.substring(0, Math.min(120, text.length())).replace('\n', '|');
    }

    /** What people said. */
    public static List<String> said(List<ConversationEvent> events) {
        return events.stream()
                .filter(event -> event.header().authorship().authored())
                .map(event -> ((UserMessage) event).text())
                .toList();
    }

    /** Call ids of tool calls. */
    public static List<String> calls(List<ConversationEvent> events) {
        return events.stream()
                .filter(ToolCall.class::isInstance)
                .map(event -> ((ToolCall) event).callId())
                .toList();
    }

    /** Call ids of tool results; of those that failed with a word that says so. */
    public static List<String> results(List<ConversationEvent> events) {
        return events.stream()
                .filter(ToolResult.class::isInstance)
                .map(event -> (ToolResult) event)
                .map(result -> result.callId() + (result.error() ? " failed" : ""))
                .toList();
    }

    /** TextEscapes of answers. */
    public static List<String> answers(List<ConversationEvent> events) {
        return events.stream()
                .filter(AssistantMessage.class::isInstance)
                .map(event -> ((AssistantMessage) event).text())
                .toList();
    }

    /** Tokens used in all. */
    public static TokenUsage used(List<ConversationEvent> events) {
        TokenUsage sum = TokenUsage.NONE;
        for (ConversationEvent event : events) {
            sum = switch (event) {
                case AssistantMessage message -> sum.plus(message.call().usage());
                case AssistantThinking thinking -> sum.plus(thinking.call().usage());
                case ToolCall call -> sum.plus(call.call().usage());
                case ProviderInfo info -> sum.plus(info.call().usage());
                case ConversationEvent _ -> sum;
            };
        }
        return sum;
    }
}
