import dev.kept.json.JsonValue.JsonObject;
import dev.kept.model.ConversationEvent;
import dev.kept.model.ConversationEvent.UserMessage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Whether what Kept says a person said is what the lab's own reading of the session files says. */
final class AuthoredCheck {
    private AuthoredCheck() {}

    static void run(Scenario scenario, Verdicts verdicts, String name, Path clientHome) throws IOException {
        Map<String, String> expected = new LinkedHashMap<>();
        for (String line : Files.readAllLines(scenario.folder().resolve(name + ".oracle"))) {
            JsonObject prompt = Scenario.object(line);
            expected.put(prompt.stringOr("id", ""), prompt.stringOr("text", ""));
        }
        Map<String, String> found = new LinkedHashMap<>();
        List<Scenario.TapeText> tapes = scenario.tapes().stream()
                .filter(tape -> tape.card().path().startsWith(clientHome))
                .toList();
        for (Scenario.TapeText tape : tapes) {
            for (ConversationEvent event : tape.events()) {
                if (event instanceof UserMessage message && event.header().authorship().authored()) {
                    // Forks copy records with their ids: the copy is the same prompt.
                    String id = event.header().eventId();
                    found.put(id.substring(0, id.lastIndexOf('/')), message.text());
                }
            }
        }
        int same = 0;
        for (Map.Entry<String, String> prompt : expected.entrySet()) {
            if (Objects.equals(found.get(prompt.getKey()), prompt.getValue())) {
                same++;
            } else {
                System.out.println("        missing or different: " + prompt + " / " + found.get(prompt.getKey()));
            }
        }
        found.forEach((id, text) -> {
            if (!expected.containsKey(id)) {
                System.out.println("        too much: " + id + " " + text);
            }
        });
        System.out.println("  " + name + ": prompts expected " + expected.size() + ", found " + found.size()
                + ", with the same text " + same + ", in " + tapes.size() + " files");
        verdicts.that(name + ": there are prompts", !expected.isEmpty());
        verdicts.that(name + ": exactly these are said to be a person's", expected.equals(found));
        verdicts.equal(name + ": record types that were not understood", Map.of(), Scenario.unknown(tapes));
    }
}
