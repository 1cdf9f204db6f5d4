package dev.kept.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kept.testing.CodexFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code kept show} of a conversation that stands in several files, with the built program. */
@Timeout(180)
class ShowIT {
    private static final Pattern TURN = Pattern.compile("turn-[a-z]+-\\d+");

    @TempDir
    private Path temporary;

    /** Below the heading, which says what was said first. */
    private static List<String> turns(String shown) {
        String text = shown.substring(shown.indexOf('\n') + 1);
        return TURN.matcher(text).results().map(MatchResult::group).toList();
    }

    private static List<String> turns(CodexFile... files) {
        return Stream.of(files).flatMap(file -> file.turns().stream()).toList();
    }

    @Test
    void aConversationThatGoesOnInOtherFilesIsShownWholeInItsOrderAndFollowedInTheLast() throws Exception {
        try (KeptProcess kept = new KeptProcess(temporary)) {
            Path work = Files.createDirectories(kept.home().resolve("work"));
            kept.done("start", "--allow", "work");
            CodexFile first = CodexFile.begin(kept.home(), work, "first");
            first.personSays().agentSays().personSays().agentSays();
            CodexFile second = first.goBack(4, "second").personSays().agentSays();
            CodexFile third = second.goBack(9, "third").personSays().agentSays();
            String id = first.thread();
            KeptProcess.eventually(
                    () -> assertThat(turns(kept.done("show", id))).isEqualTo(turns(first, second, third)));

            assertThat(kept.done("sessions", "--ids")).as("one session").isEqualTo(id + "\n");
            assertThat(turns(kept.done("show", id, "--tail", "3")))
                    .as("over the border of two files")
                    .isEqualTo(turns(first, second, third).subList(5, 8));
            String exported = kept.done("export", id);
            assertThat(turns(exported.substring(exported.indexOf("\n## ")))).isEqualTo(turns(first, second, third));
            followed(kept, third, turns(first, second, third));
        }
    }

    private static void followed(KeptProcess kept, CodexFile last, List<String> before) throws Exception {
        Path out = kept.home().resolve("followed.txt");
        Process process = kept.builder("show", last.thread(), "--follow", "--tail", "100")
                .redirectOutput(out.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            KeptProcess.eventually(() -> assertThat(seen(out)).isEqualTo(before));
            last.personSays();
            String said = last.turns().getLast();
            KeptProcess.eventually(() -> assertThat(seen(out)).last().isEqualTo(said));
            assertThat(seen(out)).as("each turn once").doesNotHaveDuplicates().hasSize(before.size() + 1);
        } finally {
            process.destroy();
            assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    private static List<String> seen(Path file) throws IOException {
        return turns(Files.readString(file));
    }
}
