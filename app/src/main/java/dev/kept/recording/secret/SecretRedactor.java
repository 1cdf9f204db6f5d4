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
 * Puts markers in the place of secrets. The same event becomes the same event, as long as the key is the same; what has no
 * secret is given back as it is, without an allocation. Thread-safe.
 */
public final class SecretRedactor {
    /** Leaves everything as it was said. */
    public static final SecretRedactor VERBATIM = new SecretRedactor(Optional.empty(), new SecretCounts());

    /** A longer text is redacted piece by piece. */
    private static final int LONG_CHARS = 128 * 1024;

    private static final int PIECE_CHARS = 16 * 1024;

    private final Optional<MarkerKey> key;
    private final SecretCounts counts;

    private SecretRedactor(Optional<MarkerKey> key, SecretCounts counts) {
        this.key = key;
        this.counts = counts;
    }

    /** A redactor that counts what it replaces. */
    public static SecretRedactor of(MarkerKey key, SecretCounts counts) {
        return new SecretRedactor(Optional.of(key), counts);
    }

    /** The text with markers in the place of secrets; the text itself if there is none in it. */
    public String redact(String text) {
        return redact(text, false);
    }

    /** The same for a title or snippet: one that ends in {@code …} was cut, maybe in the middle of a secret. */
    public String redactTitle(String title) {
        return title.endsWith("…") ? redact(title.substring(0, title.length() - 1), true) + "…" : redact(title, false);
    }

    /** @param cut whether the text is the beginning of a longer one */
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

    /** A text may be one secret after another: never are all of them held. */
    private String redactLong(String text, boolean cut) {
        Stream stream = new Stream(cut);
        StringBuilder out = new StringBuilder(text.length());
        for (int from = 0; from < text.length(); from += PIECE_CHARS) {
            stream.accept(text.substring(from, Math.min(text.length(), from + PIECE_CHARS)), out);
        }
        stream.end(out);
        return stream.hasFound ? out.toString() : text;
    }

    /** Appends the text between two indexes; the secrets lie between them. */
    private void replace(CharSequence text, int from, int to, List<SecretMatch> found, StringBuilder out) {
        int at = from;
        for (SecretMatch match : found) {
            out.append(text, at, match.start()).append(key.orElseThrow().marker(match));
            counts.add(match.kind());
            at = match.end();
        }
        out.append(text, at, to);
    }

    /** The event with markers in the place of secrets in all its texts; itself if there is none in it. */
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

    @SuppressWarnings("ReferenceEquality") // redact gives the text itself back where nothing was found.
    private static boolean same(String redacted, String text) {
        return redacted == text;
    }

    private static boolean isCut(List<TapeReference> references) {
        return !references.isEmpty()
                && references.stream()
                        .anyMatch(each -> each.mediaType().equals("text/plain")
                                && each.file().isEmpty());
    }

    /** A new run over a text that comes in pieces. */
    public Stream stream() {
        return new Stream(false);
    }

    /** Redacts a text of any length in bounded memory: what comes out in pieces is what {@link #redact(String)} gives. */
    public final class Stream {
        private static final int ENOUGH = 4 * SecretRule.LONGEST;
        private static final int AHEAD = SecretRule.LONGEST + 4 * SecretRule.CONTEXT;

        private final StringBuilder held = new StringBuilder();
        /** Before it, what is held was given out already, and is only held for what it says about what follows. */
        private int done;

        private final boolean cut;
        private boolean hasFound;

        /** @param cut whether the text is the beginning of a longer one */
        private Stream(boolean cut) {
            this.cut = cut;
        }

        /** Takes the next piece and appends what is certain by now. */
        public void accept(CharSequence piece, StringBuilder out) {
            if (key.isEmpty()) {
                out.append(piece);
                return;
            }
            held.append(piece);
            if (held.length() - done >= ENOUGH) {
                give(held.length() - AHEAD, false, out);
            }
        }

        /** Appends the rest. */
        public void end(StringBuilder out) {
            give(held.length(), cut, out);
            held.setLength(0);
            done = 0;
        }

        private void give(int limit, boolean cutThere, StringBuilder out) {
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
