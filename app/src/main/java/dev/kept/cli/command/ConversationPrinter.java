package dev.kept.cli.command;

import dev.kept.cli.terminal.Columns;
import dev.kept.cli.terminal.SessionLines;
import dev.kept.cli.terminal.Style;
import dev.kept.json.JsonReader;
import dev.kept.json.JsonValue;
import dev.kept.json.JsonValue.JsonObject;
import dev.kept.json.JsonValue.JsonText;
import dev.kept.json.MalformedJsonException;
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
import dev.kept.model.TapeReference;
import dev.kept.status.HumanReadable;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A printer of conversations for a terminal, event by event: who spoke when, messages, and tools that ran. Control
 * sequences are shown, not executed. Not thread-safe.
 */
final class ConversationPrinter {
    private static final int BRIEF_LINES = 3;
    private static final int BRIEF_CHARS = 100;
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm", Locale.ROOT);
    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("EEE d MMM uuuu", Locale.ENGLISH);

    private final Options options;
    private final Style style;
    private String speaker = "";
    private Optional<LocalDate> day = Optional.empty();

    /**
     * The display options.
     *
     * @param person heading of the person's messages
     * @param agent heading of the agent's messages
     * @param zone time zone of the times
     * @param columns width at which lines are broken between words; 0 for none
     * @param full true to show tools with all input and output
     * @param thinking true to show the model's thinking
     */
    record Options(String person, String agent, ZoneId zone, int columns, boolean full, boolean thinking) {}

    /**
     * A piece of the text.
     *
     * @param startsMessage true if another speaker begins here
     */
    record Block(String text, boolean startsMessage) {}

    ConversationPrinter(Options options, Style style) {
        this.options = options;
        this.style = style;
    }

    /** Returns the text of the next event; empty if it is not shown. */
    Optional<Block> next(ConversationEvent event) {
        return switch (event) {
            case UserMessage message
            when message.header().authorship().authored() ->
                speech(options.person(), event, wrapped(message.text()) + attached(message.references()), true);
            case UserMessage message -> aside("put in by " + options.agent(), message.text());
            case UserCommand command ->
                speech(
                        options.person(),
                        event,
                        plain(command.name() + " " + command.arguments()).strip(),
                        true);
            case UserDecision decision ->
                speech(
                        options.person(),
                        event,
                        decision.outcome().name().toLowerCase(Locale.ROOT)
                                + (decision.text().isBlank() ? "" : ": " + plain(decision.text())),
                        true);
            case AssistantMessage message ->
                speech(options.agent(), event, wrapped(message.text()) + attached(message.references()), false);
            case AssistantThinking thinking ->
                options.thinking() && !thinking.text().isBlank()
                        ? speech(options.agent(), event, quieted(wrapped(thinking.text())), false)
                        : Optional.empty();
            case AssistantDecision decision -> speech(options.agent(), event, wrapped(decision.text()), false);
            case ToolCall call ->
                speech(
                        options.agent(),
                        event,
                        style.quiet("▸ " + plain(call.name())
                                + (options.full()
                                        ? "\n" + indented(plain(call.input()))
                                        : brief(call).map(what -> "  " + what).orElse(""))),
                        false);
            case ToolResult result -> result(result);
            case SystemMessage message -> options.full() ? aside(message.subtype(), message.text()) : Optional.empty();
            case ProviderInfo _ -> Optional.empty();
            case ProviderRaw raw ->
                options.full()
                        ? aside("not understood: " + raw.header().source().recordType(), raw.reason())
                        : Optional.empty();
        };
    }

    private Optional<Block> speech(String who, ConversationEvent event, String text, boolean person) {
        if (text.isBlank()) {
            return Optional.empty();
        }
        Optional<Instant> at = event.header().timestamp();
        boolean turn = !who.equals(speaker) || person;
        StringBuilder out = new StringBuilder();
        at.map(time -> time.atZone(options.zone()).toLocalDate())
                .filter(date -> !day.equals(Optional.of(date)))
                .ifPresent(date -> {
                    day = Optional.of(date);
                    out.append('\n')
                            .append(style.quiet("── " + DAY.format(date) + " ──"))
                            .append('\n');
                });
        if (turn) {
            speaker = who;
            String time = at.map(moment -> " · " + TIME.format(moment.atZone(options.zone())))
                    .orElse("");
            out.append('\n')
                    .append(person ? style.person(plain(who)) : style.strong(plain(who)))
                    .append(style.quiet(time))
                    .append('\n');
        }
        out.append(text).append('\n');
        return Optional.of(new Block(out.toString(), turn));
    }

    private Optional<Block> result(ToolResult result) {
        if (!result.error() && !options.full()) {
            return Optional.empty();
        }
        String text = plain(result.text()) + attached(result.references());
        String shown = options.full() ? text : firstLines(text);
        return shown.isBlank()
                ? Optional.empty()
                : Optional.of(new Block(
                        (result.error()
                                        ? style.bad("  failed: ")
                                                + style.quiet(indented(shown).strip())
                                        : style.quiet(indented(shown)))
                                + "\n",
                        false));
    }

    private Optional<Block> aside(String what, String text) {
        if (!options.full() || text.isBlank()) {
            return Optional.empty();
        }
        return Optional.of(new Block(style.quiet("[" + plain(what) + "] " + firstLines(plain(text))) + "\n", false));
    }

    /** Returns a short summary of a tool's input: the first text among its arguments. */
    private static Optional<String> brief(ToolCall call) {
        try {
            if (JsonReader.parseInner(call.input()) instanceof JsonObject input) {
                for (JsonValue value : input.members().values()) {
                    if (value instanceof JsonText text && !text.value().isBlank()) {
                        String line = text.value().strip().lines().findFirst().orElse("");
                        return Optional.of(SessionLines.cut(HumanReadable.harmless(line), BRIEF_CHARS));
                    }
                }
            }
            return Optional.empty();
        } catch (MalformedJsonException notJson) {
            return Optional.of(SessionLines.cut(HumanReadable.harmless(call.input()), BRIEF_CHARS));
        }
    }

    private static String firstLines(String text) {
        List<String> lines = text.lines().toList();
        String first = lines.stream()
                .limit(BRIEF_LINES)
                .map(line -> SessionLines.cut(line, BRIEF_CHARS))
                .collect(Collectors.joining("\n"));
        return lines.size() > BRIEF_LINES
                ? first + "\n… " + HumanReadable.count(lines.size() - BRIEF_LINES, "line") + " more"
                : first;
    }

    private static String attached(List<TapeReference> references) {
        return references.stream()
                .map(reference ->
                        "\n[" + plain(reference.mediaType()) + ", " + HumanReadable.bytes(reference.length()) + "]")
                .collect(Collectors.joining());
    }

    private String quieted(String text) {
        return text.lines().map(style::quiet).collect(Collectors.joining("\n"));
    }

    private static String indented(String text) {
        return text.lines().map(line -> "  " + line).collect(Collectors.joining("\n"));
    }

    /** Returns a message in lines that fit. */
    private String wrapped(String text) {
        String plain = plain(text);
        return options.columns() == 0 ? plain : plain.lines().map(this::broken).collect(Collectors.joining("\n"));
    }

    private String broken(String line) {
        if (Columns.of(line) <= options.columns()) {
            return line;
        }
        StringBuilder out = new StringBuilder(line.length() + 16);
        int used = 0;
        for (String word : line.split("(?<= )", -1)) {
            int columns = Columns.of(word.stripTrailing());
            if (used > 0 && used + columns > options.columns()) {
                out.append('\n');
                used = 0;
            }
            out.append(word);
            used += Columns.of(word);
        }
        return out.toString();
    }

    private static String plain(String text) {
        return text.lines()
                .map(line -> HumanReadable.harmless(line.replace("\t", "    ")))
                .collect(Collectors.joining("\n"));
    }
}
