import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Checks what Kept made of what a client did.
 *
 * <pre>
 * java -cp kept.jar e2e/check/Check.java ask|allowed|headless-off|chat|archived|unarchived|codex-chat|quiet SCENARIO-FOLDER
 * java -cp kept.jar e2e/check/Check.java resumed|resumed-chat SCENARIO-FOLDER
 * java -cp kept.jar e2e/check/Check.java bytes SCENARIO-FOLDER COPIES-FOLDER STATUS-FILE
 * java -cp kept.jar e2e/check/Check.java recorded SCENARIO-FOLDER CLIENT-HOME
 * java -cp kept.jar e2e/check/Check.java authored SCENARIO-FOLDER NAME CLIENT-HOME
 * </pre>
 */
public final class Check {
    private Check() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        Scenario scenario = new Scenario(Path.of(arguments[1]));
        Verdicts verdicts = new Verdicts();
        switch (arguments[0]) {
            case "ask" -> NoteChecks.ask(scenario, verdicts);
            case "allowed" -> NoteChecks.allowed(scenario, verdicts);
            case "headless-off" -> NoteChecks.headlessOff(scenario, verdicts);
            case "chat" -> NoteChecks.chat(scenario, verdicts);
            case "archived" -> CodexChecks.archived(scenario, verdicts);
            case "unarchived" -> CodexChecks.unarchived(scenario, verdicts);
            case "codex-chat" -> CodexChecks.chat(scenario, verdicts);
            case "quiet" -> NoteChecks.quiet(scenario, verdicts);
            case "resumed" -> ResumeChecks.ask(scenario, verdicts);
            case "resumed-chat" -> ResumeChecks.chat(scenario, verdicts);
            case "bytes" -> ResumeChecks.bytes(scenario, verdicts, Path.of(arguments[2]), arguments[3]);
            case "recorded" -> RecordedCheck.run(scenario, verdicts, Path.of(arguments[2]));
            case "authored" -> AuthoredCheck.run(scenario, verdicts, arguments[2], Path.of(arguments[3]));
            default -> throw new IllegalArgumentException(Arrays.toString(arguments));
        }
        System.exit(verdicts.close() ? 0 : 1);
    }
}
