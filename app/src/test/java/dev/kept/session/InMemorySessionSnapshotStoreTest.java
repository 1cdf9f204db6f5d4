package dev.kept.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kept.model.Authorship;
import dev.kept.model.ConversationEvent;
import dev.kept.model.ConversationEvent.AssistantMessage;
import dev.kept.model.ConversationEvent.UserMessage;
import dev.kept.model.ModelCall;
import dev.kept.model.SessionKey;
import dev.kept.model.TokenUsage;
import dev.kept.provider.SessionFact;
import dev.kept.provider.SessionFact.Title.Origin;
import dev.kept.testing.EventGenerator;
import java.lang.reflect.Field;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class InMemorySessionSnapshotStoreTest {
    private static final long PLENTY = 1L << 30;
    private static final int MANY = Integer.MAX_VALUE;
    private static final Instant NOON = Instant.parse("2026-01-02T12:00:00Z");

    private record Eviction(String sessionId, EvictionReason reason, long events, long bytes) {}

    private final List<Eviction> evictions = new ArrayList<>();

    private InMemorySessionSnapshotStore store(long budget, int sessions, int events) {
        return new InMemorySessionSnapshotStore(
                new SnapshotLimits(budget, sessions, events),
                HeapLayout.COMPACT_HEADERS,
                (key, reason, dropped, bytes) -> evictions.add(new Eviction(key.sessionId(), reason, dropped, bytes)));
    }

    private static SessionKey key(String id) {
        return new SessionKey("claude", id);
    }

    private static void append(SessionSnapshotStore store, String id, String... texts) {
        List<ConversationEvent> events = new ArrayList<>();
        for (String text : texts) {
            events.add(EventGenerator.userMessage(text));
        }
        store.upsert(new SessionUpdate(key(id), events, List.of()));
    }

    private static void history(SessionSnapshotStore store, String id, String... texts) {
        List<ConversationEvent> events = new ArrayList<>();
        for (String text : texts) {
            events.add(EventGenerator.userMessage(text));
        }
        store.upsertHistory(new SessionUpdate(key(id), events, List.of()));
    }

    private static List<String> texts(SessionSnapshotStore store, String id) {
        return store.get(key(id)).orElseThrow().events().stream()
                .map(event -> ((UserMessage) event).text())
                .toList();
    }

    private static SessionSnapshotStatusMetadata metadata(SessionSnapshotStore store, String id) {
        return store.metadata(key(id)).orElseThrow();
    }

    @Test
    void theSnippetIsThatOfTheFirstPersonsWordsAndStays() {
        InMemorySessionSnapshotStore store = store(PLENTY, MANY, MANY);
        store.upsert(new SessionUpdate(
                key("a"),
                List.of(new UserMessage(
                        EventGenerator.header("x", Optional.empty(), Authorship.NONE), "a reminder", List.of())),
                List.of()));
        append(store, "a", " \n\t", "\u0000\n  first \t words ", "second words");
        assertThat(metadata(store, "a").snippet()).isEqualTo("first words");
        append(store, "a", "third");
        assertThat(metadata(store, "a").snippet()).isEqualTo("first words");
    }

    @Test
    void aSnippetIsOneLineOfAtMostSixtyCharactersAndSplitsNone() {
        assertThat(Snippet.of("a\nb")).isEqualTo("a");
        assertThat(Snippet.of("x".repeat(60))).hasSize(60).doesNotEndWith("…");
        assertThat(Snippet.of("x".repeat(61))).hasSize(60).endsWith("x…");
        for (int shift = 55; shift < 62; shift++) {
            String snippet = Snippet.of("x".repeat(shift) + "😀😀😀");
            assertThat(snippet.length()).isLessThanOrEqualTo(Snippet.MAX_CHARS);
            assertThat(snippet.codePoints()).noneMatch(c -> Character.getType(c) == Character.SURROGATE);
        }
        assertThat(Snippet.of(" \n \n")).isEmpty();
    }

    @Test
    void aSnippetIsCutBehindAWordAndNeverInsideASign() {
        String words = "Why does the shop decide twice how long a login lasts in it, and who asks?";
        assertThat(Snippet.of(words)).isEqualTo("Why does the shop decide twice how long a login lasts in…");
        assertThat(Snippet.of("x".repeat(59) + " y")).isEqualTo("x".repeat(59) + "…");
        assertThat(Snippet.of("a   \t" + "word ".repeat(30))).endsWith(" word…").hasSizeLessThanOrEqualTo(60);
        for (String sign : List.of("e\u0301", "👩‍👩‍👧", "👍🏽", "🇫🇷", "각", "\r\n")) {
            for (int shift = 48; shift < 62; shift++) {
                String cut = Snippet.of("x".repeat(shift) + sign + "y".repeat(20));
                String kept = cut.substring(0, cut.length() - 1);
                assertThat(("x".repeat(shift) + sign + "y".repeat(20))).startsWith(kept);
                assertThat(kept.length() <= shift || kept.length() >= shift + sign.length())
                        .as(cut)
                        .isTrue();
            }
        }
        assertThat(Snippet.of("a" + "\u0301".repeat(200)))
                .hasSizeLessThanOrEqualTo(60)
                .endsWith("…");
    }

    @Test
    void aTitleIsThatOfTheFirstOriginAndACommandNamesASessionUntilSomebodySaysSomething() {
        InMemorySessionSnapshotStore store = store(PLENTY, MANY, MANY);
        assertNamed(store, new SessionFact.Title("/review 12", Origin.COMMAND), "/review 12", Origin.COMMAND);
        assertThat(metadata(store, "a").title()).isEmpty();
        assertNamed(store, new SessionFact.Title("/cost", Origin.COMMAND), "/review 12", Origin.COMMAND);
        store.upsert(new SessionUpdate(key("a"), List.of(EventGenerator.userMessage("hi", NOON)), List.of()));
        assertNamed(store, new SessionFact.Title("/cost", Origin.COMMAND), "hi", Origin.WORDS);
        assertNamed(store, new SessionFact.Title("Warmer ovens", Origin.PLAN), "Warmer ovens", Origin.PLAN);
        assertNamed(store, new SessionFact.Title("Generated", Origin.AGENT), "Generated", Origin.AGENT);
        assertNamed(store, new SessionFact.Title("Another plan", Origin.PLAN), "Generated", Origin.AGENT);
        assertNamed(store, new SessionFact.Title("Mine", Origin.PERSON), "Mine", Origin.PERSON);
        assertNamed(store, new SessionFact.Title("Generated later", Origin.AGENT), "Mine", Origin.PERSON);
        assertNamed(store, new SessionFact.Title(" \n ", Origin.PERSON), "Mine", Origin.PERSON);
        assertThat(metadata(store, "a").snippet()).isEqualTo("hi");
    }

    private static void assertNamed(InMemorySessionSnapshotStore store, SessionFact fact, String name, Origin origin) {
        told(store, fact);
        assertThat(metadata(store, "a").name()).isEqualTo(name);
        assertThat(metadata(store, "a").nameOrigin()).contains(origin);
    }

    private static void told(InMemorySessionSnapshotStore store, SessionFact fact) {
        store.upsert(new SessionUpdate(key("a"), List.of(), List.of(fact)));
    }

    @Test
    void metadataCountsEventsTimesAndTokens() {
        InMemorySessionSnapshotStore store = store(PLENTY, MANY, MANY);
        TokenUsage usage = new TokenUsage(1, 2, 3, 4);
        store.upsert(new SessionUpdate(
                key("a"),
                List.of(
                        EventGenerator.userMessage("hi", NOON),
                        new AssistantMessage(
                                EventGenerator.header("y", Optional.of(NOON.minusSeconds(5)), Authorship.NONE),
                                "yes",
                                new ModelCall("m", "model", usage),
                                List.of())),
                List.of(
                        new SessionFact.Title("Generated", false),
                        new SessionFact.Title("Mine", true),
                        new SessionFact.Title("Generated later", false),
                        new SessionFact.Model("model"))));
        store.updateSource(key("a"), false, 77);
        store.updateSource(key("unknown"), true, 1);
        SessionSnapshotStatusMetadata metadata = metadata(store, "a");
        assertThat(metadata.eventCount()).isEqualTo(2);
        assertThat(metadata.eventsInMemory()).isEqualTo(2);
        assertThat(metadata.lastEventAt()).hasValue(NOON);
        assertThat(metadata.lastMessageAt()).hasValue(NOON);
        assertThat(metadata.usage()).isEqualTo(usage);
        assertThat(metadata.title()).isEqualTo("Mine");
        assertThat(metadata.model()).isEqualTo("model");
        assertThat(metadata.sourcePresent()).isFalse();
        assertThat(metadata.fileModifiedAtMs()).isEqualTo(77);
        assertThat(store.metadata(key("unknown"))).isEmpty();
        assertThat(store.get(key("unknown"))).isEmpty();
    }

    @Test
    void eventsGoInTheOrderOfUpdatesAndReadingChangesNothing() {
        InMemorySessionSnapshotStore store = store(PLENTY, 3, MANY);
        append(store, "a", "1");
        append(store, "b", "1");
        append(store, "c", "1");
        append(store, "a", "2");
        assertThat(texts(store, "b")).containsExactly("1");
        store.list();
        store.listMetadataOnly();
        store.updateSource(key("b"), true, 5);
        append(store, "d", "1");
        append(store, "e", "1");
        assertThat(evictions).extracting(Eviction::sessionId).containsExactly("b", "c");
        assertThat(evictions).allMatch(eviction -> eviction.reason() == EvictionReason.MAX_SESSIONS);
        assertThat(texts(store, "a")).containsExactly("1", "2");
        assertThat(metadata(store, "b").evicted()).isTrue();
        assertThat(store.listMetadataOnly()).hasSize(5);
    }

    @Test
    void underPressureTheLeastRecentlyUpdatedGoesAndTheSumsAreThoseOfTheEvictions() {
        InMemorySessionSnapshotStore store = store(300_000, MANY, MANY);
        for (int i = 0; i < 20; i++) {
            append(store, "s" + i, "x".repeat(30_000));
            assertThat(store.memoryStats().overBudget()).isFalse();
            assertThat(store.memoryStats().estimatedBytes()).isLessThanOrEqualTo(300_000);
        }
        SnapshotMemoryStats stats = store.memoryStats();
        assertThat(evictions).isNotEmpty().allMatch(eviction -> eviction.reason() == EvictionReason.MEMORY_PRESSURE);
        assertThat(evictions)
                .extracting(Eviction::sessionId)
                .isEqualTo(java.util.stream.IntStream.range(0, evictions.size())
                        .mapToObj(i -> "s" + i)
                        .toList());
        assertThat(stats.evictions()).isEqualTo(evictions.size());
        assertThat(stats.evictionsByReason())
                .isEqualTo(Map.of(EvictionReason.MEMORY_PRESSURE, (long) evictions.size()));
        assertThat(stats.bytesReclaimed())
                .isEqualTo(evictions.stream().mapToLong(Eviction::bytes).sum());
        assertThat(evictions).allMatch(eviction -> eviction.bytes() > 30_000);
        assertThat(stats.eventCount()).isEqualTo(20 - evictions.size());
        assertThat(stats.sessionCount()).isEqualTo(20);
    }

    @Test
    void anEvictedSessionTakesNewEventsAndCountsOn() {
        InMemorySessionSnapshotStore store = store(PLENTY, 1, MANY);
        append(store, "a", "1", "2");
        append(store, "b", "1");
        assertThat(texts(store, "a")).isEmpty();
        append(store, "a", "3");
        RuntimeSessionSnapshot snapshot = store.get(key("a")).orElseThrow();
        assertThat(texts(store, "a")).containsExactly("3");
        assertThat(snapshot.firstEvent()).isEqualTo(2);
        assertThat(snapshot.metadata().eventCount()).isEqualTo(3);
        assertThat(snapshot.metadata().eventsInMemory()).isEqualTo(1);
        assertThat(snapshot.metadata().snippet()).isEqualTo("1");
    }

    @Test
    void aSessionLargerThanTheBudgetKeepsItsTail() {
        InMemorySessionSnapshotStore store = store(500_000, MANY, MANY);
        for (int i = 0; i < 200; i++) {
            append(store, "a", i + "x".repeat(10_000));
        }
        assertThat(evictions).allMatch(eviction -> eviction.reason() == EvictionReason.OVERSIZED_SESSION);
        List<String> kept = texts(store, "a");
        assertThat(kept.getLast()).startsWith("199x");
        assertThat(kept).hasSizeBetween(20, 60);
        RuntimeSessionSnapshot snapshot = store.get(key("a")).orElseThrow();
        assertThat(snapshot.firstEvent() + snapshot.events().size()).isEqualTo(200);
        assertThat(store.memoryStats().overBudget()).isFalse();
    }

    @Test
    void aSessionWithTooManyEventsKeepsItsTail() {
        InMemorySessionSnapshotStore store = store(PLENTY, MANY, 100);
        for (int i = 0; i < 1_000; i++) {
            append(store, "a", "event " + i);
        }
        assertThat(texts(store, "a").getLast()).isEqualTo("event 999");
        assertThat(texts(store, "a")).hasSizeBetween(40, 100);
        assertThat(evictions).isNotEmpty().allMatch(eviction -> eviction.reason() == EvictionReason.OVERSIZED_SESSION);
    }

    @Test
    void oneEventLargerThanTheBudgetGoesToo() {
        InMemorySessionSnapshotStore store = store(100_000, MANY, MANY);
        append(store, "a", "x".repeat(250_000));
        assertThat(texts(store, "a")).isEmpty();
        assertThat(metadata(store, "a").eventCount()).isEqualTo(1);
        assertThat(store.memoryStats().overBudget()).isFalse();
        append(store, "a", "small");
        assertThat(texts(store, "a")).containsExactly("small");
    }

    @Test
    void metadataAloneOverTheBudgetIsSaidAndHarmsNothing() {
        InMemorySessionSnapshotStore store = store(10_000, MANY, MANY);
        for (int i = 0; i < 200; i++) {
            append(store, "s" + i, "hello " + i);
        }
        assertThat(store.memoryStats().overBudget()).isTrue();
        assertThat(store.memoryStats().eventCount()).isZero();
        assertThat(store.listMetadataOnly()).hasSize(200);
        assertThat(metadata(store, "s7").snippet()).isEqualTo("hello 7");
    }

    @Test
    void historyNeverPushesOutWhatIsHeldAndIsTheFirstToGo() {
        InMemorySessionSnapshotStore store = store(300_000, MANY, MANY);
        append(store, "now", "x".repeat(30_000));
        for (int i = 0; i < 20; i++) {
            history(store, "old" + i, i + "x".repeat(30_000), "the end");
            assertThat(store.memoryStats().overBudget()).isFalse();
        }
        assertThat(texts(store, "now")).hasSize(1);
        assertThat(texts(store, "old0")).as("the latest came first").hasSize(2);
        assertThat(texts(store, "old19")).isEmpty();
        assertThat(metadata(store, "old19").eventCount()).isEqualTo(2);
        assertThat(metadata(store, "old19").snippet()).startsWith("19x");
        assertThat(evictions).as("nothing was packed again and again").hasSize(1);

        append(store, "next", "x".repeat(60_000));
        assertThat(texts(store, "now")).hasSize(1);
        assertThat(texts(store, "next")).hasSize(1);
        assertThat(texts(store, "old0")).as("the latest of history goes last").hasSize(2);
        assertThat(evictions).extracting(Eviction::reason).containsOnly(EvictionReason.MEMORY_PRESSURE);
    }

    @Test
    void ofASessionInHistoryTheTailIsHeldOrNothing() {
        InMemorySessionSnapshotStore store = store(500_000, MANY, MANY);
        for (int i = 0; i < 100; i++) {
            history(store, "a", i + "x".repeat(10_000));
            RuntimeSessionSnapshot snapshot = store.get(key("a")).orElseThrow();
            assertThat(snapshot.firstEvent() + snapshot.events().size()).isEqualTo(i + 1L);
            List<String> held = texts(store, "a");
            assertThat(held).allSatisfy(text -> assertThat(text).endsWith("x"));
            if (!held.isEmpty()) {
                assertThat(held.getLast()).startsWith(i + "x");
            }
        }
        assertThat(store.memoryStats().overBudget()).isFalse();
    }

    @Test
    void snapshotsStayWhatTheyWereAfterAppendsAndEvictions() {
        InMemorySessionSnapshotStore store = store(PLENTY, 1, MANY);
        append(store, "a", "1", "2");
        RuntimeSessionSnapshot before = store.get(key("a")).orElseThrow();
        append(store, "a", "3");
        append(store, "b", "1");
        assertThat(before.events())
                .extracting(event -> ((UserMessage) event).text())
                .containsExactly("1", "2");
        assertThat(before.metadata().eventCount()).isEqualTo(2);
    }

    @Test
    void noMetadataCallReadsAStoredEvent() throws ReflectiveOperationException {
        InMemorySessionSnapshotStore store = store(PLENTY, MANY, MANY);
        append(store, "a", "hello", "world");
        PackedEvents view = store.get(key("a")).orElseThrow().events();
        Field chunks = PackedEvents.class.getDeclaredField("chunks");
        chunks.setAccessible(true);
        for (byte[] chunk : (byte[][]) chunks.get(view)) {
            // No kind of event begins so: from here on reading any event of this session throws.
            Arrays.fill(chunk, (byte) 0xFF);
        }
        assertThatThrownBy(() -> view.get(0)).isInstanceOf(RuntimeException.class);
        assertThat(store.listMetadataOnly()).hasSize(1);
        assertThat(metadata(store, "a").snippet()).isEqualTo("hello");
        assertThat(store.memoryStats().eventCount()).isEqualTo(2);
        store.updateSource(key("a"), false, 1);
        append(store, "a", "again");
        assertThat(store.get(key("a")).orElseThrow().events()).hasSize(3);
        assertThat(store.list()).hasSize(1);
        assertThat(metadata(store, "a").eventCount()).isEqualTo(3);
    }
}
