package dev.kept.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kept.cli.doctor.check.Check;
import dev.kept.cli.doctor.check.Examined;
import dev.kept.cli.doctor.check.Finding;
import dev.kept.json.JsonReader;
import dev.kept.json.JsonValue.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ExaminerTest {
    private static final Duration LONG = Duration.ofSeconds(50);
    private static final Duration SHORT = Duration.ofMillis(50);

    @TempDir
    private Path folder;

    private Examined examined;

    @BeforeEach
    void somebodyToExamine() throws IOException {
        examined = new Patient(folder).examined();
    }

    private record Made(String id, Look look) implements Check {
        @Override
        public List<Finding> examine(Examined kept) throws Exception {
            return look.look(kept);
        }
    }

    @FunctionalInterface
    private interface Look {
        List<Finding> look(Examined kept) throws Exception;
    }

    private static final class Noting implements Examiner.Audience {
        private final List<String> heard = new ArrayList<>();

        @Override
        public void begins(String id) {
            heard.add(id + "?");
        }

        @Override
        public void ends(CheckResult result) {
            heard.add(result.id() + " " + result.severity().word());
        }
    }

    private static Check well(String id) {
        return new Made(id, _ -> List.of(Finding.ok("well")));
    }

    @Test
    void aCheckThatThrowsIsOneProblemAndTheOthersGoOn() throws Exception {
        Noting noting = new Noting();
        List<CheckResult> results = new Examiner(
                        List.of(
                                new Made("throws", _ -> {
                                    throw new ArithmeticException("long overflow");
                                }),
                                new Made("fails", _ -> {
                                    throw new StackOverflowError();
                                }),
                                new Made("refuses", _ -> {
                                    throw new IOException("/x: Input/output error");
                                }),
                                well("well")),
                        LONG,
                        LONG)
                .examine(examined, noting);
        assertThat(noting.heard)
                .containsExactly(
                        "throws?",
                        "throws problem",
                        "fails?",
                        "fails problem",
                        "refuses?",
                        "refuses problem",
                        "well?",
                        "well ok");
        assertThat(results.getFirst().findings())
                .containsExactly(Finding.problem(
                        "the check “throws” failed: java.lang.ArithmeticException: long overflow",
                        "report it, with this line"));
        assertThat(results.get(2).findings().getFirst().message()).contains("/x: Input/output error");
    }

    @Test
    void aCheckThatHangsIsNamedAndLeftBehind() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        Noting noting = new Noting();
        List<CheckResult> results = new Examiner(
                        List.of(
                                new Made("hangs", _ -> {
                                    while (true) {
                                        try {
                                            never.await();
                                        } catch (InterruptedException deaf) {
                                            // As a disk that does not answer.
                                        }
                                    }
                                }),
                                well("well")),
                        SHORT,
                        LONG)
                .examine(examined, noting);
        assertThat(results.getFirst().findings().getFirst().message())
                .isEqualTo("the check “hangs” did not end within 50 ms, and is waited for no longer");
        assertThat(noting.heard).containsExactly("hangs?", "hangs problem", "well?", "well ok");
    }

    @Test
    void workThatGoesOnIsWaitedForHoweverLongItTakes() throws Exception {
        List<CheckResult> results = new Examiner(
                        List.of(new Made("long", kept -> {
                            long until = System.nanoTime() + 10 * SHORT.toNanos();
                            while (System.nanoTime() - until < 0) {
                                kept.progress().read(1);
                            }
                            return List.of(Finding.ok("done"));
                        })),
                        SHORT,
                        SHORT)
                .examine(examined, new Noting());
        assertThat(results.getFirst().findings()).containsExactly(Finding.ok("done"));
    }

    @Test
    void programsReadTheSameWithAVersion() throws Exception {
        List<CheckResult> results = List.of(
                new CheckResult("none", List.of()),
                new CheckResult("two", List.of(Finding.note("n", "r"), Finding.problem("bad \u009b2J", "mend"))));
        assertThat(JsonReader.parse(DoctorJson.of(results, Instant.EPOCH)))
                .isInstanceOfSatisfying(JsonObject.class, said -> {
                    assertThat(said.longOr("schemaVersion", 0)).isEqualTo(1);
                    assertThat(said.string("status")).contains("problem");
                    assertThat(said.array("checks").toString())
                            .contains("none", "two", "note", "problem", "mend")
                            .contains("ok");
                });
    }
}
