package dev.kept.agents.copilot;

import dev.kept.json.JsonValue.JsonObject;
import dev.kept.model.TokenUsage;
import dev.kept.provider.StateReader;
import dev.kept.provider.StateWriter;
import dev.kept.provider.support.RecentMap;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A counter that counts tokens once. They come in a record of their own before their message, or as the message's
 * {@code outputTokens}. When the program ends, {@code session.shutdown} has the sums for each model, of the run or of
 * the session; only the part that no message had is added.
 */
final class CopilotUsage {
    private static final int WAITING = 32;
    private static final int USAGE_BYTES = 24 + 40 + 48;

    /** The number of latest messages; a record that is repeated with more in it follows the first one closely. */
    private static final int RECENT = 64;

    private final RecentMap<TokenUsage> waiting = new RecentMap<>(WAITING);

    /** The counted usage since the session began. */
    private TokenUsage inSession = TokenUsage.NONE;

    /** The usage of the latest messages, by the ids of their records. */
    private final RecentMap<TokenUsage> ofRecent = new RecentMap<>(RECENT);

    /** The counted usage since the program last ended. */
    private TokenUsage inRun = TokenUsage.NONE;

    /** Records tokens whose message comes next. Cached tokens are part of the input (seen). */
    void addPending(JsonObject usage) {
        waiting.renew(usage.stringOr("apiCallId", ""), of(usage));
    }

    private static TokenUsage of(JsonObject usage) {
        long cached = usage.longOr("cacheReadTokens", 0);
        return new TokenUsage(
                Math.max(0, usage.longOr("inputTokens", 0) - cached),
                usage.longOr("cacheWriteTokens", 0),
                cached,
                usage.longOr("outputTokens", 0));
    }

    /**
     * Returns the usage of a message that was not counted yet, and counts it.
     *
     * @param id the id of its record, which may be repeated with more in it
     */
    TokenUsage countMessage(String id, JsonObject message) {
        TokenUsage usage = Optional.ofNullable(waiting.remove(message.stringOr("apiCallId", "")))
                .orElse(new TokenUsage(0, 0, 0, message.longOr("outputTokens", 0)));
        TokenUsage before = ofRecent.getOrDefault(id, TokenUsage.NONE);
        TokenUsage more = minus(usage, before);
        ofRecent.renew(id, before.plus(more));
        count(more);
        return more;
    }

    private void count(TokenUsage usage) {
        inSession = inSession.plus(usage);
        inRun = inRun.plus(usage);
    }

    /** Returns the usage of each model that no message had, from the sums at the program's end, and counts it. */
    Map<String, TokenUsage> countShutdown(JsonObject metrics) {
        Map<String, TokenUsage> used = new LinkedHashMap<>();
        TokenUsage all = TokenUsage.NONE;
        for (String model : metrics.members().keySet()) {
            TokenUsage usage = metrics.object(model)
                    .flatMap(it -> it.object("usage"))
                    .map(CopilotUsage::of)
                    .orElse(TokenUsage.NONE);
            used.put(model, usage);
            all = all.plus(usage);
        }
        TokenUsage known = isOfSession(all) ? inSession : inRun;
        Map<String, TokenUsage> added = new LinkedHashMap<>();
        for (Map.Entry<String, TokenUsage> each : used.entrySet()) {
            TokenUsage more = minus(each.getValue(), known);
            known = minus(known, each.getValue());
            if (!more.isNone()) {
                added.put(each.getKey(), more);
                count(more);
            }
        }
        inRun = TokenUsage.NONE;
        return added;
    }

    /**
     * Reports whether the sums are those of the session rather than the run: their output is closer to that of the
     * session.
     */
    private boolean isOfSession(TokenUsage all) {
        return Math.abs(all.output() - inSession.output()) <= Math.abs(all.output() - inRun.output());
    }

    private static TokenUsage minus(TokenUsage from, TokenUsage part) {
        return new TokenUsage(
                Math.max(0, from.input() - part.input()),
                Math.max(0, from.cacheCreation() - part.cacheCreation()),
                Math.max(0, from.cacheRead() - part.cacheRead()),
                Math.max(0, from.output() - part.output()));
    }

    void save(StateWriter out) {
        out.all(waiting, CopilotUsage::write);
        out.all(ofRecent, CopilotUsage::write);
        write(out, inSession);
        write(out, inRun);
    }

    private static void write(StateWriter to, TokenUsage usage) {
        to.number(usage.input());
        to.number(usage.cacheCreation());
        to.number(usage.cacheRead());
        to.number(usage.output());
    }

    void restore(StateReader in) throws IOException {
        in.all(CopilotUsage::read, waiting::put);
        in.all(CopilotUsage::read, ofRecent::put);
        inSession = read(in);
        inRun = read(in);
    }

    private static TokenUsage read(StateReader from) throws IOException {
        return new TokenUsage(from.number(), from.number(), from.number(), from.number());
    }

    long heldBytes() {
        return 120 + waiting.heldBytes(USAGE_BYTES) + ofRecent.heldBytes(USAGE_BYTES);
    }
}
