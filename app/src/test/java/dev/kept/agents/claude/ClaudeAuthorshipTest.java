package dev.kept.agents.claude;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kept.model.Authorship;
import dev.kept.model.ConversationEvent;
import dev.kept.model.EventHeader;
import dev.kept.provider.Readings;
import dev.kept.provider.SourceKind;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClaudeAuthorshipTest {
    private static final Readings READINGS = new Readings(new ClaudeProvider());
    private static final String SAYING = ",\"message\":{\"role\":\"user\",\"content\":\"::stop\"}}\n";

    @ParameterizedTest
    @CsvSource({
        // origin, promptSource, entrypoint, version, expected
        "'', '', '', 1.0.98, TYPED",
        "'', '', cli, 2.1.100, TYPED",
        "'', '', sdk-cli, 2.1.100, HEADLESS",
        "'', '', sdk-ts, 2.1.100, HEADLESS",
        "'', '', claude-vscode, 2.1.100, TYPED",
        "'', '', cli, 2.1.161, NONE",
        "'', '', cli, 3.0.0, NONE",
        "human, '', cli, 2.1.219, TYPED",
        "human, typed, cli, 2.1.330, TYPED",
        "human, queued, cli, 2.1.330, TYPED",
        "human, sdk, claude-desktop, 2.1.219, TYPED",
        "'', sdk, claude-desktop, 2.1.219, HEADLESS",
        "human, sdk, sdk-cli, 2.1.330, HEADLESS",
        "'', sdk, sdk-cli, 2.1.330, HEADLESS",
        "'', typed, cli, 2.1.330, TYPED",
        "'', system, cli, 2.1.330, NONE",
        "human, system, cli, 2.1.330, NONE",
        "'', brand_new, cli, 2.1.330, NONE",
        "task-notification, sdk, claude-desktop, 2.1.219, NONE",
        "task-notification, typed, cli, 2.1.330, NONE",
        "brand_new, typed, cli, 2.1.330, NONE"
    })
    void whoWroteItFollowsFromOriginSourceEntrypointAndVersion(
            String origin, String source, String entrypoint, String version, Authorship expected) {
        assertThat(ClaudeAuthorship.of(origin, source, entrypoint, ClientVersion.parse(version))
                        .authorship())
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"isMeta\":true",
                "\"isSidechain\":true",
                "\"isCompactSummary\":true",
                "\"isVisibleInTranscriptOnly\":true",
                "\"planContent\":\"::stop\"",
                "\"sourceToolUseID\":\"toolu_1\"",
                "\"origin\":{}",
                "\"origin\":{\"kind\":\"channel\"}"
            })
    void aMarkedRecordIsNobodysEvenIfItSaysItWasTyped(String mark) {
        assertThat(authored("{\"type\":\"user\",\"uuid\":\"u\",\"promptSource\":\"typed\"," + mark + SAYING))
                .isEmpty();
    }

    @Test
    void anUnmarkedRecordIsThePersons() {
        assertThat(authored("{\"type\":\"user\",\"uuid\":\"u\"" + SAYING)).containsExactly("TYPED");
    }

    @Test
    void aSubagentsFileHoldsNoPersonsWords() {
        byte[] bytes = ("{\"type\":\"user\",\"uuid\":\"u\",\"promptSource\":\"typed\"" + SAYING)
                .getBytes(StandardCharsets.UTF_8);
        SourceKind.Session agent = new SourceKind.Session(Optional.of("s"), "a1");
        assertThat(authored(Readings.events(READINGS.of(agent, bytes)))).isEmpty();
    }

    @Test
    void aToolsResultIsNeverAPersonsWordWhateverItSays() {
        assertThat(authored("{\"type\":\"user\",\"uuid\":\"u\",\"promptSource\":\"typed\",\"message\":{\"content\":"
                        + "[{\"type\":\"tool_result\",\"tool_use_id\":\"t\",\"content\":\"::stop\"}]}}\n"))
                .isEmpty();
    }

    @Test
    void aTextBesideAResultIsAPersonsOnlyWhereVersionsNameNoOrigin() {
        String record = "{\"type\":\"user\",\"uuid\":\"u\",\"version\":\"%s\",\"message\":{\"content\":"
                + "[{\"type\":\"tool_result\",\"tool_use_id\":\"t\",\"content\":\"ok\"},"
                + "{\"type\":\"text\",\"text\":\"and the light\"}]}}\n";
        assertThat(authored(String.format(record, "2.1.34"))).containsExactly("TYPED");
        assertThat(authored(String.format(record, "2.1.200"))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<task-notification>\\n::stop",
                "<command-name>/a</command-name>",
                "<local-command-stdout>::stop</local-command-stdout>",
                "<bash-input>::stop</bash-input>",
                "[Request interrupted by user for tool use]",
                "<system-reminder>::stop</system-reminder>",
                "<brand-new-tag>::stop</brand-new-tag>",
                "Implement the following plan:\\n\\n::stop"
            })
    void whatAMachineBeginsIsNobodys(String text) {
        assertThat(authored("{\"type\":\"user\",\"uuid\":\"u\",\"message\":{\"content\":\"" + text + "\"}}\n"))
                .isEmpty();
    }

    @Test
    void aBlockOfTheEditorsIsApartFromWhatThePersonTyped() {
        String record = "{\"type\":\"user\",\"uuid\":\"u\",\"message\":{\"content\":["
                + "{\"type\":\"text\",\"text\":\"<ide_opened_file>a.txt</ide_opened_file>\"},"
                + "{\"type\":\"text\",\"text\":\"what is this?\"}]}}\n";
        List<ConversationEvent> events = READINGS.eventsOf(record);
        assertThat(events).hasSize(2);
        assertThat(events.get(1)).isInstanceOfSatisfying(ConversationEvent.UserMessage.class, message -> {
            assertThat(message.text()).isEqualTo("what is this?");
            assertThat(message.header().authorship()).isEqualTo(Authorship.TYPED);
        });
    }

    private static List<String> authored(String records) {
        return authored(READINGS.eventsOf(records));
    }

    private static List<String> authored(List<ConversationEvent> events) {
        return events.stream()
                .map(ConversationEvent::header)
                .map(EventHeader::authorship)
                .filter(Authorship::authored)
                .map(Enum::name)
                .toList();
    }
}
