package dev.kept.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kept.archive.SessionArchive;
import dev.kept.cli.doctor.check.Check;
import dev.kept.cli.doctor.check.Checks;
import dev.kept.cli.doctor.check.DiskCheck;
import dev.kept.cli.doctor.check.Examined;
import dev.kept.cli.doctor.check.Finding;
import dev.kept.cli.doctor.check.InotifyCheck;
import dev.kept.cli.doctor.check.PurgeCheck;
import dev.kept.cli.doctor.check.ServiceState;
import dev.kept.cli.doctor.check.Severity;
import dev.kept.cli.doctor.check.TapesVerifyCheck;
import dev.kept.config.KeptHome;
import dev.kept.status.StatusReport.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Walks the list of checks: each is written down, is green in a healthy home, and turns red where its thing is ill. */
class DoctorChecksTest {
    private static final Path DOCUMENT = Path.of("../docs/doctor.md");
    private static final Pattern ROW = Pattern.compile("\\| `([a-z.]+)` \\|.+\\|.+\\|.+\\|");
    private static final long MIB = 1024 * 1024;

    /**
     * For each check what makes it red; the answer is the check to make, the one of the list unless it says another.
     */
    private static final Map<String, List<Illness>> ILLNESSES = new LinkedHashMap<>();

    static {
        ill("java", (patient, check) -> {
            patient.javaHome(Files.createDirectory(patient.root().resolve("jdk")));
            return check;
        });
        ill("configuration", (patient, check) -> {
            patient.config("daemonMaxMemoryMb: many\n");
            return check;
        });
        ill("configuration", (patient, check) -> {
            Files.delete(patient.home().configFile());
            Files.createDirectory(patient.home().configFile());
            return check;
        });
        ill("home", (patient, check) -> {
            Files.setPosixFilePermissions(patient.home().tapes(), PosixFilePermissions.fromString("rwxr-x---"));
            return check;
        });
        ill("home", (patient, check) -> {
            Files.delete(patient.home().logs());
            Files.createFile(patient.home().logs());
            return check;
        });
        ill("daemon", (patient, check) -> {
            patient.noDaemon();
            Files.createFile(patient.home().controlSocket());
            return check;
        });
        ill("daemon", (patient, check) -> {
            patient.noDaemon();
            Files.createFile(patient.home().controlSocket());
            Files.writeString(patient.home().lockFile(), ProcessHandle.current().pid() + "\n");
            return check;
        });
        ill("daemon.ended", (patient, check) -> {
            patient.noDaemon();
            Files.writeString(
                    patient.home().lastEndFile(),
                    "at=" + Instant.now().minusSeconds(60).getEpochSecond()
                            + "\ncode=137\nran=12\nlaunches=5\nof=5\npause=\n");
            return check;
        });
        ill("sessions.aside", (patient, check) -> {
            Files.writeString(
                    Files.createDirectories(patient.home().setAsideFile().getParent())
                            .resolve(patient.home().setAsideFile().getFileName()),
                    "{\"sources\":[{\"tape\":\"claude/a\",\"times\":2,\"last\":\"2026-01-02T03:04:05Z\","
                            + "\"rendering\":false,\"program\":\"a\"}]}");
            return check;
        });
        ill("heartbeat", (patient, check) -> {
            patient.report(Patient.report(60, "landlock", MIB, 0, List.of()));
            return check;
        });
        ill("sandbox", (patient, check) -> {
            patient.config("sandbox: required\n");
            patient.report(Patient.report(0, "none", MIB, 0, List.of()));
            return check;
        });
        ill("memory", (patient, check) -> {
            patient.report(Patient.report(0, "landlock", 200 * MIB, 0, List.of()));
            return check;
        });
        ill("records", (patient, check) -> {
            patient.report(Patient.report(0, "landlock", MIB, 3_000, List.of()));
            return check;
        });
        ill("reported", (patient, check) -> {
            Problem problem =
                    new Problem("recording.denied", "It is not allowed.", "kept allow /n", Optional.empty(), 1);
            patient.report(Patient.report(0, "landlock", MIB, 0, List.of(problem)));
            return check;
        });
        ill("service", (patient, check) -> {
            patient.service(new ServiceState.Outdated("~/kept.service"));
            return check;
        });
        ill("agents.folders", (patient, check) -> {
            Files.createDirectories(patient.root().resolveSibling(".codex"));
            Files.createFile(patient.root().resolveSibling(".codex").resolve("sessions"));
            return check;
        });
        ill("agents.folders", (patient, check) -> {
            Path elsewhere = Files.createDirectories(patient.root().resolveSibling("elsewhere"));
            Files.createSymbolicLink(
                    Objects.requireNonNull(patient.source().getParent()).resolveSibling("-linked"), elsewhere);
            return check;
        });
        ill("agents.stores", (patient, check) -> {
            Files.createDirectories(patient.root().resolveSibling(".codex").resolve("sessions"));
            patient.environment(Map.of(
                    "CODEX_HOME", patient.root().resolveSibling("elsewhere").toString()));
            return check;
        });
        ill("agents.purge", (patient, check) -> {
            Files.writeString(patient.source(), Patient.text(3_000).replace("Hello.", "Hallo."));
            Files.setLastModifiedTime(
                    patient.source(), FileTime.from(Instant.now().minus(Duration.ofDays(28))));
            return check;
        });
        ill("agents.purge", (patient, check) -> {
            Path old = patient.source().resolveSibling("1bbb0000-0000-4000-8000-000000000002.jsonl");
            Files.writeString(old, "{}\n");
            Files.setLastModifiedTime(old, FileTime.from(Instant.now().minus(Duration.ofDays(28))));
            return check;
        });
        ill("agents.history", (patient, check) -> {
            patient.followedSince(Instant.now().minus(Duration.ofDays(1)));
            patient.history(Patient.prompt("9fff0000-0000-4000-8000-00000000000f", "/work"));
            return check;
        });
        ill("disk.room", (patient, check) -> {
            patient.config("keep:\n  minFreeBytes: 999999TiB\n");
            return check;
        });
        ill("disk.kind", (_, _) -> new DiskCheck(_ -> Optional.of("nfs4")));
        ill("inotify", (patient, _) -> inotify(patient, "4096", "128"));
        ill("inotify", (patient, _) -> inotify(patient, "192536", "0"));
        ill("clock", (patient, check) -> {
            patient.clock(Clock.fixed(Instant.parse("1999-12-31T23:59:59Z"), ZoneOffset.UTC));
            return check;
        });
        ill("clock", (patient, check) -> {
            Files.createFile(patient.home().statusFile());
            patient.clock(Clock.fixed(Instant.now().minus(Duration.ofDays(1)), ZoneOffset.UTC));
            return check;
        });
        ill("tapes.cards", (patient, check) -> {
            Files.writeString(patient.tapeFolder().resolve("source.json"), "{");
            return check;
        });
        ill("tapes.size", (patient, check) -> {
            patient.config("keep:\n  maxTapeBytes: 1MiB\n");
            Files.writeString(patient.tapeFolder().resolve("0002.jsonl"), "x".repeat((int) MIB));
            return check;
        });
        ill("tapes.verify", (patient, check) -> {
            flip(patient.tapeFolder().resolve("0001.jsonl"), 70_000);
            Files.delete(patient.source());
            return check;
        });
        ill("tapes.verify", (patient, check) -> {
            Files.writeString(patient.source(), Patient.text(3_000).replace("Hello.", "Hallo."));
            Files.setLastModifiedTime(
                    patient.tapeFolder().resolve("0001.jsonl"),
                    FileTime.from(Instant.now().plusSeconds(60)));
            return check;
        });
    }

    @FunctionalInterface
    private interface Illness {
        Check inflict(Patient patient, Check check) throws IOException;
    }

    private static void ill(String id, Illness illness) {
        ILLNESSES.computeIfAbsent(id, _ -> new ArrayList<>()).add(illness);
    }

    private static Check inotify(Patient patient, String watches, String instances) throws IOException {
        Path folder = Files.createDirectories(patient.root().resolveSibling("limits"));
        return new InotifyCheck(
                List.of(Files.writeString(folder.resolve("watches"), watches + "\n"), folder.resolve("absent")),
                List.of(Files.writeString(folder.resolve("instances"), instances + "\n")));
    }

    private static void flip(Path file, int at) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[at] ^= 2;
        Files.write(file, bytes);
    }

    private static List<String> ids() {
        return Checks.ALL.stream().map(Check::id).toList();
    }

    @TestFactory
    Stream<DynamicTest> eachCheckIsGreenInAHealthyHome(@TempDir Path folder) throws IOException {
        Patient patient = new Patient(folder);
        return Checks.ALL.stream()
                .map(check -> DynamicTest.dynamicTest(check.id(), () -> {
                    Check made = check.id().equals("inotify") ? inotify(patient, "192536", "128") : check;
                    CheckResult result = new CheckResult(check.id(), made.examine(patient.examined()));
                    assertThat(result.findings()).isNotEmpty();
                    assertThat(result.findings()).as(check.id()).noneMatch(DoctorChecksTest::isProblem);
                    assertThat(result.findings()).anyMatch(found -> found.severity() == Severity.OK);
                }));
    }

    @TestFactory
    Stream<DynamicTest> eachCheckTurnsRedWhereItsThingIsIll(@TempDir Path folder) {
        return Checks.ALL.stream()
                .map(check -> DynamicTest.dynamicTest(check.id(), () -> {
                    List<Illness> illnesses = ILLNESSES.getOrDefault(check.id(), List.of());
                    assertThat(illnesses)
                            .as("what makes " + check.id() + " red")
                            .isNotEmpty();
                    for (int i = 0; i < illnesses.size(); i++) {
                        Patient patient = new Patient(Files.createDirectories(folder.resolve(check.id() + i)));
                        Check made = illnesses.get(i).inflict(patient, check);
                        CheckResult result = new CheckResult(made.id(), made.examine(patient.examined()));
                        assertThat(result.severity()).as(result.toString()).isEqualTo(Severity.PROBLEM);
                        assertNoRemedyDestroys(result);
                    }
                }));
    }

    private static boolean isProblem(Finding finding) {
        return finding.severity() == Severity.PROBLEM;
    }

    private static void assertNoRemedyDestroys(CheckResult result) {
        assertThat(result.findings().stream().filter(DoctorChecksTest::isProblem))
                .allSatisfy(found -> assertThat(found.remedy().orElseThrow())
                        .doesNotContainPattern("(?i)\\b(rm|mv|move|delete|remove|forget|kill|unlink|truncate)\\b")
                        .doesNotContainPattern("kept clean(?! --dry-run)"));
    }

    @Test
    void eachCheckIsWrittenDownAndNoOther() throws Exception {
        List<String> rows = new ArrayList<>();
        for (String line : Files.readAllLines(DOCUMENT)) {
            Matcher row = ROW.matcher(line);
            if (row.matches()) {
                rows.add(row.group(1));
            }
        }
        assertThat(rows).isEqualTo(ids());
        assertThat(ids()).doesNotHaveDuplicates();
        assertThat(ILLNESSES.keySet()).containsExactlyElementsOf(ids());
    }

    @Test
    void aHomeThatNobodyStartedAndAgentsThatNobodyUsesAreNoProblem(@TempDir Path folder) throws Exception {
        Path user = folder.toRealPath();
        Patient patient = new Patient(Files.createDirectories(user.resolve("other")));
        patient.noDaemon();
        patient.service(new ServiceState.None());
        KeptHome fresh = new KeptHome(user.resolve("none/.kept"), user.resolve("none"));
        Examined examined = new Examined(
                new Examined.Sources(
                        fresh,
                        Map.of(),
                        Clock.systemUTC(),
                        Path.of(System.getProperty("java.home")),
                        Optional::empty,
                        ServiceState.None::new),
                new Examined.Depth(true, true),
                SessionArchive.Progress.NONE);
        for (Check check : Checks.ALL) {
            assertThat(check.examine(examined)).as(check.id()).noneMatch(DoctorChecksTest::isProblem);
            assertThat(check.examine(patient.examined())).as(check.id()).noneMatch(DoctorChecksTest::isProblem);
        }
    }

    @Test
    void whatTheOwnerWantsSoIsANote(@TempDir Path folder) throws Exception {
        Patient patient = new Patient(folder);
        patient.config("tape:\n  allowNetworkDisk: true\nkeep:\n  firstImport: none\n");
        assertThat(new DiskCheck(_ -> Optional.of("nfs4")).examine(patient.examined()))
                .singleElement()
                .satisfies(found -> assertThat(found.severity()).isEqualTo(Severity.NOTE));
        Path old = patient.source().resolveSibling("1bbb0000-0000-4000-8000-000000000002.jsonl");
        Files.writeString(old, "{}\n");
        Files.setLastModifiedTime(old, FileTime.from(Instant.now().minus(Duration.ofDays(28))));
        assertThat(new PurgeCheck().examine(patient.examined()))
                .singleElement()
                .satisfies(found -> assertThat(found.severity()).isEqualTo(Severity.NOTE));
    }

    @Test
    void aSourceThatChangedSinceIsANoteAndATapeIsReadWholeOnlyWhereThatIsAskedFor(@TempDir Path folder)
            throws Exception {
        Patient patient = new Patient(folder);
        Files.writeString(patient.source(), "another\n");
        assertThat(new TapesVerifyCheck().examine(patient.examined(false))).isEmpty();
        assertThat(new TapesVerifyCheck().examine(patient.examined()))
                .extracting(Finding::severity)
                .containsExactly(Severity.NOTE, Severity.OK);
    }
}
