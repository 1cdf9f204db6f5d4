package dev.kept;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaConstructorCall;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.kept.session.SessionSnapshotStore;
import java.io.File;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** The order of the house, see ARCHITECTURE.md: a package is a room, and an arrow may only point down the list. */
class ArchitectureTest {
    private static final Pattern ROW = Pattern.compile("\\| `([a-z.]+)` \\|.*");

    /** The packages of ARCHITECTURE.md, uppermost first. */
    private static final List<String> ROOMS = rooms();

    /** Who may ask for the events of all sessions at once; no timer and no update may. */
    private static final Set<String> MAY_LIST_EVENTS = Set.of();

    /** Where the standard streams are put in place, and picocli is given writers over them. */
    private static final Set<String> MAY_PRINT = Set.of(
            "text.TerminalStream",
            // Over the streams of the command line.
            "cli.Commands",
            // Into the launcher's pipe, as harmless as the stream would make it.
            "control.StartupMessage",
            // Their first line puts a TerminalStream in the place of System.err.
            "daemon.DaemonMain",
            "daemon.launch.Launch",
            // To nobody, in a training run and at the start.
            "aot.DaemonAotTraining",
            "daemon.Watchdog");

    /** The guard itself, and who makes paths of constants, of the environment or of the owner's configuration only. */
    private static final Set<String> MAY_MAKE_PATHS = Set.of(
            "text.ForeignPath",
            // The environment and the configuration.
            "config.ConfigNode",
            "config.KeptHome",
            "cli.service.ServiceManager",
            // The files of the runtime and the system.
            "cli.doctor.Doctor",
            "cli.doctor.check.InotifyCheck",
            "control.InstanceLock",
            "daemon.launch.Launch",
            "sandbox.RuntimeFiles",
            "sandbox.SandboxRules",
            // Constants.
            "cli.service.DaemonProcess",
            "cli.terminal.CliContext",
            "ingest.IngestWorker",
            "ingest.watch.KnownDirectories",
            "ingest.BackgroundCopy",
            "ingest.seal.SealRounds",
            "ingest.SourceCatalog",
            "ingest.ExistingTapes",
            "agents.claude.ClaudeProvider",
            "agents.codex.CodexProvider",
            "agents.copilot.CopilotProvider",
            "recording.render.ConversationExport",
            "recording.destination.PathPolicy");

    /** The rooms through which texts of sessions go, and what comes of them. */
    private static final List<String> WITH_SESSIONS = List.of(
            "cli",
            "daemon",
            "control",
            "archive",
            "status",
            "recording",
            "replay",
            "command",
            "session",
            "agents",
            "provider",
            "model");

    /** Who resolves constants, numbers, digests, and names that were made harmless before. */
    private static final Set<String> MAY_RESOLVE = Set.of(
            "archive.Forgetting",
            "archive.Restoration",
            "archive.SessionArchive",
            "archive.TapeCheck",
            "cli.doctor.check.JavaCheck",
            "aot.AotTraining",
            "cli.command.RestoreCommand",
            "cli.service.ServiceDefinition",
            "cli.service.ServiceManager",
            "daemon.checkpoint.CheckpointFile",
            "aot.DaemonAotTraining",
            "control.JvmLimits",
            "daemon.source.SwapFile",
            "daemon.launch.ProgramCopy",
            "daemon.ReadingLedger",
            "provider.AgentStores",
            "agents.claude.ClaudeProvider",
            "agents.codex.CodexProvider",
            "agents.copilot.CopilotProvider",
            "agents.gemini.GeminiProvider",
            "recording.render.AssetFiles",
            "recording.destination.InstructingFiles",
            "recording.secret.MarkerKey",
            // Names that GeneratedName made of letters, digits and hyphens, or that were a path's before.
            "cli.command.ExportCommand",
            "recording.destination.DestinationResolver",
            "recording.destination.FileNames",
            "recording.destination.PathPolicy",
            // Ids in the encoding of their own.
            "recording.journal.JournalFiles");

    private static final JavaClasses ALL = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.kept");

    private static List<String> rooms() {
        try (Stream<String> lines = Files.lines(Path.of("../ARCHITECTURE.md"))) {
            return lines.dropWhile(line -> !line.equals("## Packages"))
                    .skip(1)
                    .takeWhile(line -> !line.startsWith("## "))
                    .map(ROW::matcher)
                    .filter(Matcher::matches)
                    .map(row -> row.group(1))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String only(String room) {
        return "dev.kept." + room;
    }

    private static String with(String room) {
        return "dev.kept." + room + "..";
    }

    @Test
    void theRulesLookAtTheProgram() {
        assertThat(ALL.size()).isGreaterThan(50);
        assertThat(ALL.contain(SessionSnapshotStore.class)).isTrue();
        assertThat(ALL.stream().map(JavaClass::getName)).noneMatch(name -> name.endsWith("Test"));
    }

    @Test
    void everyClassIsInARoomOfTheList() {
        classes()
                .should()
                .resideInAnyPackage(ROOMS.stream().map(ArchitectureTest::only).toArray(String[]::new))
                .check(ALL);
    }

    @Test
    void everyRoomOfTheListHasClasses() {
        assertThat(ALL.stream().map(JavaClass::getPackageName).distinct())
                .containsAll(ROOMS.stream().map(ArchitectureTest::only).toList());
    }

    @Test
    void anArrowOnlyPointsDownTheList() {
        for (int i = 1; i < ROOMS.size(); i++) {
            String[] above =
                    ROOMS.subList(0, i).stream().map(ArchitectureTest::only).toArray(String[]::new);
            noClasses()
                    .that()
                    .resideInAPackage(only(ROOMS.get(i)))
                    .should()
                    .dependOnClassesThat(resideInAnyPackage(above))
                    .check(ALL);
        }
    }

    /** What the command line needs of a daemon is its control socket: it starts one through the launcher. */
    @Test
    void theCommandLineKnowsNoClassOfTheDaemon() {
        noClasses()
                .that()
                .resideInAPackage(with("cli"))
                .should()
                .dependOnClassesThat()
                .resideInAPackage(with("daemon"))
                .check(ALL);
    }

    /** A room with more files is one that nobody overlooks. */
    @Test
    void noRoomHasMoreThanThirtyFiles() {
        Map<String, Long> files = ALL.stream()
                .filter(type -> !type.getFullName().contains("$"))
                .collect(Collectors.groupingBy(JavaClass::getPackageName, Collectors.counting()));
        files.values().removeIf(count -> count <= 30);
        assertThat(files).isEmpty();
    }

    @Test
    void noAgentKnowsAnother() {
        slices().matching("dev.kept.agents.(*)..")
                .should()
                .notDependOnEachOther()
                .check(ALL);
    }

    @Test
    void theModelDependsOnNothing() {
        noClasses()
                .that()
                .resideInAPackage(with("model"))
                .should()
                .dependOnClassesThat(resideOutsideOfPackages(
                        "dev.kept.model..",
                        "dev.kept.text..",
                        "java.lang..",
                        "java.time..",
                        "java.util..",
                        "org.jspecify.."))
                .check(ALL);
    }

    @Test
    void inEveryPackageNullIsACompileError() {
        Set<String> unmarked = new TreeSet<>();
        for (JavaClass type : ALL) {
            if (!type.getPackage().isAnnotatedWith(NullMarked.class)) {
                unmarked.add(type.getPackageName());
            }
        }
        assertThat(unmarked).isEmpty();
    }

    /**
     * What each of these prints passes through {@link TerminalStream}, which the first lines of a process put in place.
     */
    @Test
    void everyPrintedWordPassesThroughOnePlace() {
        DescribedPredicate<JavaConstructorCall> opensAWay = DescribedPredicate.describe(
                "makes a stream or writer that prints",
                call -> call.getTargetOwner().isEquivalentTo(PrintStream.class)
                        || call.getTargetOwner().isEquivalentTo(PrintWriter.class)
                        || (call.getTargetOwner().isEquivalentTo(FileOutputStream.class)
                                && call.getTarget().getRawParameterTypes().stream()
                                        .anyMatch(type -> type.isEquivalentTo(FileDescriptor.class))));
        noClasses()
                .that(areNot(MAY_PRINT))
                .should()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err")
                .orShould()
                .accessField(FileDescriptor.class, "out")
                .orShould()
                .accessField(FileDescriptor.class, "err")
                .orShould()
                .callMethod(System.class, "console")
                .orShould()
                .callMethod(Throwable.class, "printStackTrace")
                .orShould()
                .callConstructorWhere(opensAWay)
                .check(ALL);
    }

    @Test
    void noTextFromASessionBecomesAPathUnguarded() {
        DescribedPredicate<JavaCall<?>> makesAPath = DescribedPredicate.describe(
                "makes a path of a string",
                call -> !call.getOrigin().getName().equals("<clinit>")
                        && ((call.getTargetOwner().isEquivalentTo(Path.class)
                                        && call.getName().equals("of"))
                                || call.getTargetOwner().isEquivalentTo(Paths.class)
                                || (call.getTargetOwner().isAssignableTo(FileSystem.class)
                                        && call.getName().equals("getPath"))
                                || (call.getTargetOwner().isEquivalentTo(File.class)
                                        && call.getName().equals("<init>"))
                                || call.getName().equals("toPath")));
        noClasses()
                .that(areNot(MAY_MAKE_PATHS))
                .should()
                .callCodeUnitWhere(makesAPath)
                .because("a text of a session is no path before ForeignPath made it one; list who has constants only")
                .check(ALL);
    }

    @Test
    void noTextFromASessionIsResolvedUnguarded() {
        DescribedPredicate<JavaCall<?>> resolves = DescribedPredicate.describe(
                "resolves a string against a path",
                call -> call.getTargetOwner().isAssignableTo(Path.class)
                        && Set.of("resolve", "resolveSibling", "startsWith", "endsWith")
                                .contains(call.getName())
                        && call.getTarget().getRawParameterTypes().stream()
                                .anyMatch(type -> type.isEquivalentTo(String.class)));
        noClasses()
                .that()
                .resideInAnyPackage(
                        WITH_SESSIONS.stream().map(ArchitectureTest::with).toArray(String[]::new))
                .and(areNot(MAY_RESOLVE))
                .should()
                .callCodeUnitWhere(resolves)
                .because("a text of a session is no name before ForeignPath made it one; list who has constants only")
                .check(ALL);
    }

    private static DescribedPredicate<JavaClass> areNot(Set<String> names) {
        return DescribedPredicate.describe("are not listed", type -> !names.contains(outermost(type)));
    }

    private static String outermost(JavaClass type) {
        String name = type.getFullName().substring("dev.kept.".length());
        int nested = name.indexOf('$');
        return nested < 0 ? name : name.substring(0, nested);
    }

    @Test
    void nobodyUsesTheLoggingOfTheJdk() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAPackage("java.util.logging..")
                .check(ALL);
    }

    @Test
    void noTimerAndNoUpdateListsTheEventsOfAllSessions() {
        DescribedPredicate<JavaMethodCall> listsAll = DescribedPredicate.describe(
                "lists all sessions with their events",
                call -> call.getName().equals("list")
                        && call.getTargetOwner().isAssignableTo(SessionSnapshotStore.class));
        noClasses()
                .that(DescribedPredicate.describe("may not", type -> !MAY_LIST_EVENTS.contains(type.getFullName())))
                .should()
                .callMethodWhere(listsAll)
                .check(ALL);
    }

    @Test
    void noTimerAndNoUpdateGetsAWholeSession() {
        DescribedPredicate<JavaMethodCall> getsWhole = DescribedPredicate.describe(
                "gets a session with its events",
                call -> call.getName().equals("get")
                        && call.getTargetOwner().isAssignableTo(SessionSnapshotStore.class));
        noClasses()
                .that()
                .resideInAnyPackage(with("daemon"), with("status"), with("recording"), with("ingest"))
                .should()
                .callMethodWhere(getsWhole)
                .check(ALL);
    }

    @Test
    void statusKnowsNoEvent() {
        noClasses()
                .that()
                .resideInAPackage(with("status"))
                .should()
                .dependOnClassesThat()
                .haveNameMatching("dev\\.kept\\.model\\.ConversationEvent.*|dev\\.kept\\.session\\.PackedEvents")
                .check(ALL);
    }
}
