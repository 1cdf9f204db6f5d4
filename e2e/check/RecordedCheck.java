import dev.kept.json.JsonValue;
import dev.kept.json.JsonValue.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Whether each note of {@code record/chat.sh} holds what was said while it was written, and nothing else: the prompts
 * as the lab's own reading tells them, the answers as the scripted model gave them.
 */
final class RecordedCheck {
    /** What each prompt and each answer of the script begins with; what a tool put out is in small letters. */
    private static final Pattern SAID = Pattern.compile("(TURN|ANSWER|BEFORE-TOOL|FINAL)-[0-9A-Z]+");

    private static final Pattern HEADING = Pattern.compile("(?m)^## You · ");
    private static final Pattern TOOL = Pattern.compile("USE-SHELL TURN-(\\d+)");
    private static final String FORK_BEGINS = "TURN-9 ";
    private static final String FORK_ENDS = "TURN-10 ";

    private final Verdicts verdicts;
    private final List<JsonObject> rules = new ArrayList<>();

    private RecordedCheck(Scenario scenario, Verdicts verdicts) throws IOException {
        this.verdicts = verdicts;
        String script = Files.readString(scenario.folder().resolve("model.json"));
        for (JsonValue rule : Scenario.object("{\"rules\": " + script + "}").array("rules")) {
            rules.add((JsonObject) rule);
        }
    }

    static void run(Scenario scenario, Verdicts verdicts, Path clientHome) throws IOException, InterruptedException {
        List<String> parent = new ArrayList<>();
        for (String line : Files.readAllLines(clientHome.resolve("prompts.jsonl"))) {
            parent.add(Scenario.object(line).stringOr("text", ""));
        }
        int begins = at(parent, FORK_BEGINS);
        boolean forks = begins < parent.size();
        List<String> inFork = forks ? parent.subList(begins, at(parent, FORK_ENDS) + 1) : List.of();
        List<String> fork = List.copyOf(inFork);
        parent.removeAll(fork.stream().filter(text -> text.startsWith("TURN")).toList());
        if (forks) {
            // The fork's commands stand behind its first turn, wherever the lab read its file.
            removeOnce(parent, begins, "::init fork.md");
            removeOnce(parent, begins, "::record");
        }
        verdicts.equal("prompts in the session", forks ? 15 : 14, parent.size());
        scenario.awaitAnswer(forks ? "ANSWER-11" : "ANSWER-8");
        RecordedCheck check = new RecordedCheck(scenario, verdicts);
        int first = at(parent, "::record");
        int stop = at(parent, "::stop");
        int second = stop + at(parent.subList(stop, parent.size()), "::record");
        int capture = at(parent, "::capture");
        List<String> recorded = new ArrayList<>(parent.subList(first, stop));
        recorded.addAll(parent.subList(second, capture));
        check.holds(scenario, "project/notes.md", recorded);
        check.holds(scenario, "project/whole.md", parent.subList(0, at(parent, "::export")));
        check.holds(scenario, "project/other.md", parent);
        List<String> commands = new ArrayList<>(
                List.of("init DONE", "record DONE", "stop DONE", "record DONE", "export DONE", "capture DONE"));
        List<String> files = new ArrayList<>(List.of("project/notes.md", "project/other.md", "project/whole.md"));
        if (forks) {
            List<String> before = parent.subList(0, at(parent, "TURN-8") + 1);
            check.holds("other.md when the fork had spoken", Files.readString(clientHome.resolve("other.when-forked.md")), before);
            verdicts.equal(
                    "files when the fork had spoken",
                    List.of("README.txt", "notes.md", "other.md", "whole.md"),
                    Files.readAllLines(clientHome.resolve("files.when-forked")));
            check.holds(scenario, "project/fork.md", fork.subList(at(fork, "::record"), fork.size()));
            // Claude Code's records do not say that they were copied.
            boolean told = Files.exists(clientHome.resolve(".codex"));
            verdicts.equal(
                    "the fork's note begins with a link to its parent's",
                    told,
                    scenario.note("project/fork.md").contains("](other.md), which went on by itself."));
            commands.addAll(List.of("init DONE", "record DONE"));
            files.add("project/fork.md");
        }
        List<String> decided = new ArrayList<>(scenario.decided());
        Collections.sort(commands);
        Collections.sort(decided);
        verdicts.equal("commands that were carried out", commands, decided);
        verdicts.equal("files that were written", files.stream().sorted().toList(), scenario.written());
        verdicts.equal("record types that were not understood", Map.of(), Scenario.unknown(scenario.tapes()));
    }

    /** Where the first text stands that begins so, or holds it as its turn. */
    private static int at(List<String> texts, String beginning) {
        for (int i = 0; i < texts.size(); i++) {
            if (texts.get(i).startsWith(beginning)) {
                return i;
            }
        }
        return texts.size();
    }

    private static void removeOnce(List<String> texts, int from, String text) {
        int at = from + texts.subList(from, texts.size()).indexOf(text);
        if (at >= from) {
            texts.remove(at);
        }
    }

    private void holds(Scenario scenario, String name, List<String> prompts) throws IOException {
        holds(name, scenario.note(name), prompts);
    }

    /** Each prompt and each answer stands in the note once, whole, in order; nothing else was said in it. */
    private void holds(String name, String note, List<String> prompts) {
        String rest = note.substring(Math.max(0, note.indexOf("\n## ")));
        int inPlace = 0;
        List<String> expected = new ArrayList<>();
        for (String prompt : prompts) {
            expected.add(prompt);
            expected.addAll(answers(prompt));
        }
        StringBuilder between = new StringBuilder();
        for (String text : expected) {
            int at = rest.indexOf("\n\n" + text.strip() + "\n");
            if (at < 0) {
                System.out.println("        not where it should be: " + text.lines().findFirst().orElse(""));
            } else {
                inPlace++;
                between.append(rest, 0, at);
                rest = rest.substring(at + 2 + text.strip().length());
            }
        }
        between.append(rest);
        List<String> tooMuch = new ArrayList<>();
        Matcher said = SAID.matcher(between);
        while (said.find()) {
            tooMuch.add(said.group());
        }
        verdicts.equal(name + ": texts that stand whole and in order, of " + expected.size(), expected.size(), inPlace);
        verdicts.equal(name + ": what is said there beside them", List.of(), tooMuch);
        verdicts.equal(
                name + ": headings of a person", (long) prompts.size(), HEADING.matcher(note).results().count());
        for (String prompt : prompts) {
            Matcher tool = TOOL.matcher(prompt);
            if (tool.find()) {
                String output = "tool-output-" + tool.group(1);
                verdicts.that(name + ": " + output, between.indexOf("echo " + output) >= 0 && between.indexOf(output) >= 0);
            }
        }
    }

    /**
     * What the script says to a prompt, in the order of the lab's model: the first rule that fits, then the one after a
     * tool.
     */
    private List<String> answers(String prompt) {
        List<String> answers = new ArrayList<>();
        for (int round = 0; round < 2; round++) {
            boolean tool = false;
            for (JsonValue value : rule(prompt, round).array("say")) {
                JsonObject step = (JsonObject) value;
                step.string("text").ifPresent(answers::add);
                tool |= step.string("tool").isPresent();
            }
            if (!tool) {
                return answers;
            }
        }
        return answers;
    }

    private JsonObject rule(String prompt, int round) {
        for (JsonObject rule : rules) {
            JsonObject conditions = rule.object("if").orElse(JsonObject.EMPTY);
            boolean side = conditions.members().containsKey("tools");
            boolean fits = conditions.string("prompt").map(words -> Pattern.compile(words).matcher(prompt).find()).orElse(true);
            if (!side && fits && (round > 0 || conditions.string("round").isEmpty())) {
                return rule;
            }
        }
        return JsonObject.EMPTY;
    }
}
