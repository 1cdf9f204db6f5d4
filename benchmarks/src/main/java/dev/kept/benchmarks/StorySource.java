package dev.kept.benchmarks;

import dev.kept.agents.Providers;
import dev.kept.model.ConversationEvent;
import dev.kept.model.EventHeader;
import dev.kept.provider.Provider;
import dev.kept.provider.SourceKind;
import dev.kept.provider.decode.SourceDecoder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One agent's hand-written session, that of its golden recordings, with texts as long as those of real sessions: every
 * text of several words goes on with words of the {@link TextPool}. Its records stay of the kinds and in the order they
 * are.
 *
 * @param text the whole file
 */
record StorySource(Provider provider, byte[] text) {
    private static final Map<String, String> STORIES =
            Map.of("claude", "webshop", "codex", "tides", "gemini", "lamps", "copilot", "bakery");

    private static final int WORDS_FROM = 16;
    private static final double MEAN_LENGTH = 900;

    /** A string that is no key, no path and no JSON in itself. */
    private static final Pattern TEXT =
            Pattern.compile("\"((?:[^\"\\\\{\\[/]|\\\\[^u])(?:[^\"\\\\]++|\\\\.)*+)\"(?=\\s*[,}\\]])");

    private static final SourceKind.Session KIND = new SourceKind.Session(Optional.of("s"), EventHeader.MAIN_LINE);

    /** The story of the agent of that name. */
    static StorySource of(String agent) throws IOException {
        Provider provider = Providers.ALL.stream()
                .filter(each -> each.name().equals(agent))
                .findFirst()
                .orElseThrow();
        Path app = Path.of(System.getProperty("kept.jar")).resolve("../..").normalize();
        Path story = app.resolve("src/test/resources/recording")
                .resolve(agent)
                .resolve(STORIES.getOrDefault(agent, ""))
                .resolve("session.jsonl");
        StorySource written = new StorySource(provider, Files.readAllBytes(story));
        StorySource longer =
                new StorySource(provider, lengthened(Files.readString(story)).getBytes(StandardCharsets.UTF_8));
        if (!longer.kinds().equals(written.kinds())) {
            throw new IllegalStateException("longer texts make other events of " + story);
        }
        return longer;
    }

    private List<Class<?>> kinds() {
        return read().stream().<Class<?>>map(Object::getClass).toList();
    }

    private static String lengthened(String story) {
        TextPool pool = new TextPool(new SplittableRandom(1), 0.02);
        return TEXT.matcher(story).replaceAll(text -> Matcher.quoteReplacement(longer(text.group(1), pool)));
    }

    private static String longer(String text, TextPool pool) {
        if (text.length() < WORDS_FROM || text.indexOf(' ') < 0) {
            return "\"" + text + "\"";
        }
        // An agent writes some texts twice: they stay the same.
        SplittableRandom random = new SplittableRandom(text.hashCode());
        StringBuilder more = new StringBuilder();
        Json.property(more, "more", pool.slice(random, random.nextDouble(2 * MEAN_LENGTH)));
        // What stands between the quotes of the value.
        String words = more.substring("\"more\":\"".length(), more.length() - 1);
        return "\"" + text + " " + words + "\"";
    }

    /** Reads it as the daemon does, all of it at once. */
    List<ConversationEvent> read() {
        List<ConversationEvent> events = new ArrayList<>();
        new SourceDecoder(provider, KIND).accept(text, 0, text.length, read -> events.addAll(read.events()));
        return events;
    }
}
