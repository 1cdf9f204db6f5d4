package dev.kept.recording.secret;

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
import dev.kept.recording.secret.rule.SecretMatch;
import dev.kept.recording.secret.rule.SecretRule;
import java.util.List;
import java.util.Optional;

/**
 * A redactor that replaces secrets by markers. The same event gives the same result as long as the key is the same. An
 * event without secrets is returned as it is, without allocation. Thread-safe.
 */
public final class SecretRedactor {
    /** A redactor that changes nothing. */
    public static final SecretRedactor VERBATIM = new SecretRedactor(Optional.empty(), new SecretCounts());

    /** Length above which a text is redacted piece by piece. */
    private static final int LONG_CHARS = 128 * 1024;

    private static final int PIECE_CHARS = 16 * 1024;

    private final Optional<MarkerKey> key;
    private final SecretCounts counts;

    private SecretRedactor(Optional<MarkerKey> key, SecretCounts counts) {
        this.key = key;
        this.counts = counts;
    }

    /** Creates a redactor that counts what it replaces. */
    public static SecretRedactor of(MarkerKey key, SecretCounts counts) {
        return new SecretRedactor(Optional.of(key), counts);
    }

    /** Returns the text with markers in the place of secrets; the text itself if there is none in it. */
    public String redact(String text) {
        return redact(text, false);
    }

    /** Redacts a title or snippet. One that ends in {@code …} was cut, maybe in the middle of a secret. */
    public String redactTitle(String title) {
        return title.endsWith("…") ? redact(title.substring(0, title.length() - 1), true) + "…" : redact(title, false);
    }

    /**
     * Redacts a text.
     *
     * @param cut whether the text is the beginning of a longer one
     */
    private String redact(String text, boolean cut) {
        if (key.isEmpty()) {
            return text;
        }
        if (text.length() > LONG_CHARS) {
            return redactLong(text, cut);
        }
        List<SecretMatch> found = SecretScanner.find(text, 0, cut);
        if (found.isEmpty()) {
            return text;
        }
        StringBuilder out = new StringBuilder(text.length());
        replace(text, 0, text.length(), found, out);
        return out.toString();
    }

    /** Redacts a long text in pieces. It may be one secret after another, so that they are never all held at once. */
    private String redactLong(String text, boolean cut) {
        Stream stream = new Stream(cut);
        StringBuilder out = new StringBuilder(text.length());
        for (int from = 0; from < text.length(); from += PIECE_CHARS) {
            stream.accept(text.substring(from, Math.min(text.length(), from + PIECE_CHARS)), out);
        }
        stream.end(out);
        return stream.hasFound ? out.toString() : text;
    }

    /** Appends the text between two indexes, with markers for the secrets in it. */
    private void replace(CharSequence text, int from, int to, List<SecretMatch> found, StringBuilder out) {
        int at = from;
        for (SecretMatch match : found) {
            out.append(text, at, match.start()).append(key.orElseThrow().marker(match));
            counts.add(match.kind());
            at = match.end();
        }
        out.append(text, at, to);
    }

    /**
     * Returns the event with markers in the place of secrets in all its texts; the event itself if there is none in it.
     */
    public ConversationEvent redact(ConversationEvent event) {
        if (key.isEmpty()) {
            return event;
        }
        return switch (event) {
            case UserMessage it -> {
                String text = redact(it.text(), isCut(it.references()));
                yield same(text, it.text()) ? it : new UserMessage(it.header(), text, it.references());
            }
            case UserCommand it -> {
                String name = redact(it.name());
                String arguments = redact(it.arguments());
                yield same(name, it.name()) && same(arguments, it.arguments())
                        ? it
                        : new UserCommand(it.header(), name, arguments);
            }
            case UserDecision it -> {
                String text = redact(it.text());
                yield same(text, it.text()) ? it : new UserDecision(it.header(), it.decisionId(), it.outcome(), text);
            }
            case AssistantMessage it -> {
                String text = redact(it.text(), isCut(it.references()));
                yield same(text, it.text()) ? it : new AssistantMessage(it.header(), text, it.call(), it.references());
            }
            case AssistantThinking it -> {
                String text = redact(it.text(), isCut(it.references()));
                yield same(text, it.text()) ? it : new AssistantThinking(it.header(), text, it.call(), it.references());
            }
            case AssistantDecision it -> {
                String text = redact(it.text());
                yield same(text, it.text()) ? it : new AssistantDecision(it.header(), it.decisionId(), text, it.call());
            }
            case ToolCall it -> {
                String input = redact(it.input(), isCut(it.references()));
                yield same(input, it.input())
                        ? it
                        : new ToolCall(it.header(), it.callId(), it.name(), input, it.call(), it.references());
            }
            case ToolResult it -> {
                String text = redact(it.text(), isCut(it.references()));
                yield same(text, it.text())
                        ? it
                        : new ToolResult(it.header(), it.callId(), text, it.error(), it.references(), it.subagent());
            }
            case SystemMessage it -> {
                String text = redact(it.text());
                yield same(text, it.text()) ? it : new SystemMessage(it.header(), it.subtype(), text, it.subagent());
            }
            case ProviderInfo it -> {
                String text = redact(it.text());
                yield same(text, it.text()) ? it : new ProviderInfo(it.header(), it.subtype(), text, it.call());
            }
            case ProviderRaw it -> it;
        };
    }

    @SuppressWarnings("ReferenceEquality") // redact returns the text itself if nothing was found.
    private static boolean same(String redacted, String text) {
        return redacted == text;
    }

    private static boolean isCut(List<TapeReference> references) {
        return !references.isEmpty()
                && references.stream()
                        .anyMatch(each -> each.mediaType().equals("text/plain")
                                && each.file().isEmpty());
    }

    /** Returns a new redaction of a text that comes in pieces. */
    public Stream stream() {
        return new Stream(false);
    }

    /**
     * A redaction of a text of any length in bounded memory: its output, put together, is that of
     * {@link #redact(String)}.
     */
    public final class Stream {
        private static final int ENOUGH = 4 * SecretRule.LONGEST;
        private static final int AHEAD = SecretRule.LONGEST + 4 * SecretRule.CONTEXT;

        private final StringBuilder held = new StringBuilder();
        /** Index in the held text before which it was already emitted; that part is only kept as context. */
        private int done;

        private final boolean cut;
        private boolean hasFound;

        /**
         * Creates a redaction.
         *
         * @param cut whether the text is the beginning of a longer one
         */
        private Stream(boolean cut) {
            this.cut = cut;
        }

        /** Accepts the next piece, and appends what is certain by now. */
        public void accept(CharSequence piece, StringBuilder out) {
            if (key.isEmpty()) {
                out.append(piece);
                return;
            }
            held.append(piece);
            if (held.length() - done >= ENOUGH) {
                emit(held.length() - AHEAD, false, out);
            }
        }

        /** Appends the rest. */
        public void end(StringBuilder out) {
            emit(held.length(), cut, out);
            held.setLength(0);
            done = 0;
        }

        private void emit(int limit, boolean cutThere, StringBuilder out) {
            if (key.isEmpty()) {
                return;
            }
            List<SecretMatch> certain = SecretScanner.find(held.toString(), done, cutThere).stream()
                    .filter(match -> match.start() < limit)
                    .toList();
            int to = certain.isEmpty()
                    ? limit
                    : Math.max(limit, certain.getLast().end());
            hasFound |= !certain.isEmpty();
            replace(held, done, to, certain, out);
            int forget = Math.max(0, to - 2 * SecretRule.CONTEXT);
            held.delete(0, forget);
            done = to - forget;
        }
    }
}
