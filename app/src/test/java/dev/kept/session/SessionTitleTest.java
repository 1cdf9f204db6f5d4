package dev.kept.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kept.agents.claude.ClaudeProvider;
import dev.kept.agents.codex.CodexProvider;
import dev.kept.agents.copilot.CopilotProvider;
import dev.kept.agents.gemini.GeminiProvider;
import dev.kept.model.SessionKey;
import dev.kept.provider.DecodedRecord;
import dev.kept.provider.Provider;
import dev.kept.provider.Readings;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The name of a session, as the records of each agent make it, in the store of the daemon. */
class SessionTitleTest {
    private static final String PLAN =
            "Implement the following plan:\\n\\n```\\n# no heading\\n```\\n\\n## Plan: Warmer ovens ##\\n1.";
    private static final String CLAUDE =
            "{\"type\":\"user\",\"uuid\":\"%1$s\",\"sessionId\":\"s\",\"version\":\"2.1.100\",\"entrypoint\":\"cli\","
                    + "\"userType\":\"external\",\"message\":{\"role\":\"user\",\"content\":\"%1$s\"}}\n";
    private static final String CODEX_META =
            "{\"timestamp\":\"2026-11-02T09:00:00Z\",\"type\":\"session_meta\",\"payload\":{\"id\":\"session\","
                    + "\"source\":\"cli\",\"originator\":\"codex-tui\",\"cli_version\":\"0.142.0\"}}\n";
    private static final String CODEX =
            "{\"timestamp\":\"2026-11-02T09:00:01Z\",\"type\":\"event_msg\",\"payload\":{\"type\":\"user_message\","
                    + "\"message\":\"%s\"}}\n";
    private static final String GEMINI = "{\"id\":\"%1$s\",\"type\":\"user\",\"content\":\"%1$s\"}\n";
    private static final String COPILOT =
            "{\"type\":\"user.message\",\"id\":\"%1$s\",\"data\":{\"content\":\"%1$s\"}}\n";

    record Agent(Provider provider, String before, String prompt) {
        String says(String... words) {
            return Stream.of(words).map(each -> String.format(prompt, each)).reduce(before, String::concat);
        }

        String named(String records) {
            InMemorySessionSnapshotStore store = new InMemorySessionSnapshotStore(
                    new SnapshotLimits(1 << 20, 10, 100), HeapLayout.COMPACT_HEADERS, (_, _, _, _) -> {});
            SessionKey key = new SessionKey(provider.name(), "session");
            for (DecodedRecord reading : new Readings(provider).of(records)) {
                store.upsert(new SessionUpdate(key, reading.events(), reading.facts()));
            }
            SessionSnapshotStatusMetadata metadata = store.metadata(key).orElseThrow();
            return metadata.nameOrigin()
                            .map(origin -> origin.publicName() + ": ")
                            .orElse("")
                    + metadata.name();
        }

        @Override
        public String toString() {
            return provider.displayName();
        }
    }

    private static final Agent CODEX_AGENT = new Agent(new CodexProvider(), CODEX_META, CODEX);
    private static final Agent COPILOT_AGENT = new Agent(new CopilotProvider(), "", COPILOT);
    private static final Agent CLAUDE_AGENT = new Agent(new ClaudeProvider(), "", CLAUDE);
    private static final Agent GEMINI_AGENT =
            new Agent(new GeminiProvider(), "{\"sessionId\":\"session\",\"kind\":\"main\"}\n", GEMINI);

    static List<Agent> agents() {
        return List.of(CLAUDE_AGENT, CODEX_AGENT, GEMINI_AGENT, COPILOT_AGENT);
    }

    @ParameterizedTest
    @MethodSource("agents")
    void aSessionIsCalledByThePlanThatItBeginsWithElseByTheFirstWords(Agent agent) {
        assertThat(agent.named(agent.says(PLAN, "Go on."))).isEqualTo("plan: Warmer ovens");
        assertThat(agent.named(agent.says("Implement the following plan:\\n\\nHeat the oven\\nmore")))
                .isEqualTo("plan: Heat the oven");
        assertThat(agent.named(agent.says("PLEASE IMPLEMENT THIS PLAN:\\n# Warmer ovens\\n## Steps")))
                .isEqualTo("plan: Warmer ovens");
        assertThat(agent.named(agent.says("# Plan for warmer ovens\\n## Steps")))
                .isEqualTo("plan: Plan for warmer ovens");
        assertThat(agent.named(agent.says("Is it warm?", PLAN))).isEqualTo("words: Is it warm?");
        assertThat(agent.named(agent.says("# Ovens\\nIs it warm?"))).isEqualTo("words: # Ovens");
        assertThat(agent.named(agent.says("::record a.md", PLAN))).isEqualTo("plan: Warmer ovens");
    }

    static List<Arguments> commands() {
        UnaryOperator<String> claude = text -> String.format(CLAUDE, text);
        String codex = "{\"timestamp\":\"2026-11-02T09:00:01Z\",\"type\":\"event_msg\",\"payload\":%s}\n";
        String shell =
                "{\"timestamp\":\"2026-11-02T09:00:01Z\",\"type\":\"response_item\",\"payload\":{\"type\":\"message\","
                        + "\"role\":\"user\",\"content\":[{\"type\":\"input_text\",\"text\":\"<user_shell_command>\\n<command>\\n"
                        + "ls\\n</command>\\n<result>a</result>\\n</user_shell_command>\"}]}}\n";
        String skill = "{\"type\":\"user.message\",\"id\":\"a\",\"data\":{\"source\":\"skill-bake\",\"content\":"
                + "\"<skill-context name=\\\"bake\\\">\\nOvens.\\n</skill_context>\\n\"}}\n";
        return List.of(
                Arguments.of(
                        CLAUDE_AGENT,
                        claude.apply("<command-name>/review</command-name><command-args>12</command-args>"),
                        "command: /review 12"),
                Arguments.of(CLAUDE_AGENT, claude.apply("<bash-input>ls</bash-input>"), "command: !ls"),
                Arguments.of(
                        CODEX_AGENT,
                        CODEX_META
                                + String.format(
                                        codex,
                                        "{\"type\":\"entered_review_mode\",\"user_facing_hint\":\"current changes\"}"),
                        "command: /review current changes"),
                Arguments.of(
                        CODEX_AGENT,
                        CODEX_META
                                + String.format(
                                        codex,
                                        "{\"type\":\"item_completed\",\"item\":{\"type\":\"EnteredReviewMode\",\"id\":\"i\",\"review\":\"it\"}}"),
                        "command: /review it"),
                Arguments.of(
                        CODEX_AGENT,
                        CODEX_META
                                + String.format(
                                        codex,
                                        "{\"type\":\"thread_goal_updated\",\"goal\":{\"objective\":\"Warm it\"}}"),
                        "command: /goal Warm it"),
                Arguments.of(CODEX_AGENT, CODEX_META + shell, "command: !ls"),
                Arguments.of(CODEX_AGENT, CODEX_META + String.format(CODEX, "/bake bread"), "words: /bake bread"),
                Arguments.of(
                        GEMINI_AGENT, GEMINI_AGENT.before() + String.format(GEMINI, "/light on"), "command: /light on"),
                Arguments.of(COPILOT_AGENT, String.format(COPILOT, "/bake bread"), "words: /bake bread"),
                Arguments.of(COPILOT_AGENT, skill, "command: /bake"),
                Arguments.of(
                        COPILOT_AGENT,
                        "{\"type\":\"skill.invoked\",\"id\":\"a\",\"data\":{\"name\":\"bake\",\"content\":\"Ovens.\"}}\n",
                        "command: /bake"),
                Arguments.of(
                        COPILOT_AGENT,
                        "{\"type\":\"command.queued\",\"id\":\"a\",\"data\":{\"command\":\"/plan bread\"}}\n",
                        "command: /plan bread"));
    }

    @ParameterizedTest
    @MethodSource("commands")
    void aSessionThatBeginsWithACommandIsCalledByItUntilSomebodySaysSomething(
            Agent agent, String records, String name) {
        assertThat(agent.named(records)).isEqualTo(name);
        assertThat(agent.named(records + String.format(agent.prompt(), "Is it warm?")))
                .isEqualTo(name.startsWith("words") ? name : "words: Is it warm?");
    }
}
