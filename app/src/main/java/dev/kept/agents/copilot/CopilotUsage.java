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
 * Counts tokens once. They come in a record of their own before their message, or as the message's {@code
 * outputTokens}; and when the program ends, {@code session.shutdown} sums up what each model used, of the run or of
 * the session: of that, only what no message told is added.
 */
final class CopilotUsage {
    private static final int WAITING = 32;
    private static final int USAGE_BYTES = 24 + 40 + 48;

    /** A record that comes again with more in it follows the first closely. */
    private static final int RECENT = 64;

    private final RecentMap<TokenUsage> waiting = new RecentMap<>(WAITING);

    /** What was told since the session began. */
    private TokenUsage inSession = TokenUsage.NONE;

    /** What the latest messages used, by the ids of their records. */
    private final RecentMap<TokenUsage> ofRecent = new RecentMap<>(RECENT);

    /** What was told since the program ended last. */
    private TokenUsage inRun = TokenUsage.NONE;

    /** Notes tokens whose message comes next; cached ones are counted among the input (seen). */
    void await(JsonObject usage) {
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
     * Returns what a message used that was not told of it before; it counts as told.
     *
     * @param id of its record, which may come again with more in it
     */
    TokenUsage ofMessage(String id, JsonObject message) {
        TokenUsage usage = Optional.ofNullable(waiting.remove(message.stringOr("apiCallId", "")))
                .orElse(new TokenUsage(0, 0, 0, message.longOr("outputTokens", 0)));
        TokenUsage before = ofRecent.getOrDefault(id, TokenUsage.NONE);
        TokenUsage more = minus(usage, before);
        ofRecent.renew(id, before.plus(more));
        told(more);
        return more;
    }

    private void told(TokenUsage usage) {
        inSession = inSession.plus(usage);
        inRun = inRun.plus(usage);
    }

    /** Returns what each model used and no message told, from the sums at the program's end. */
    Map<String, TokenUsage> atShutdown(JsonObject metrics) {
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
                told(more);
            }
        }
        inRun = TokenUsage.NONE;
        return added;
    }

    /**
     * The output of all messages tells whether the sums go on from the runs before: they are nearer to one or the
     * other.
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
