package dev.kept;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.kept.session.SessionSnapshotStore;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** The order of the house, see ARCHITECTURE.md: a package is a room, and an arrow may only point down the list. */
class ArchitectureTest {
    private static final List<String> ROOMS = List.of(
            "cli",
            "daemon",
            "sandbox",
            "archive",
            "status",
            "recording",
            "command",
            "session",
            "ingest",
            "provider",
            "tape",
            "observe",
            "config",
            "json",
            "model");

    /** Who may ask for the events of all sessions at once; no timer and no update may. */
    private static final Set<String> MAY_LIST_EVENTS = Set.of();

    private static final JavaClasses ALL = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.kept");

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
    void everyClassIsInARoom() {
        classes()
                .should()
                .resideInAnyPackage(ROOMS.stream().map(ArchitectureTest::with).toArray(String[]::new))
                .check(ALL);
    }

    @Test
    void anArrowOnlyPointsDownTheList() {
        for (int i = 1; i < ROOMS.size(); i++) {
            String[] above =
                    ROOMS.subList(0, i).stream().map(ArchitectureTest::with).toArray(String[]::new);
            noClasses()
                    .that()
                    .resideInAPackage(with(ROOMS.get(i)))
                    .should()
                    .dependOnClassesThat(resideInAnyPackage(above))
                    .allowEmptyShould(true)
                    .check(ALL);
        }
    }

    @Test
    void theDoctorsChecksKnowNoCommand() {
        noClasses()
                .that()
                .resideInAPackage("dev.kept.cli.doctor")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.kept.cli")
                .check(ALL);
    }

    @Test
    void noProviderKnowsAnother() {
        slices().matching("dev.kept.provider.(*)..")
                .should()
                .notDependOnEachOther()
                .allowEmptyShould(true)
                .check(ALL);
        noClasses()
                .that()
                .resideInAPackage("dev.kept.provider")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.kept.provider.*..")
                .check(ALL);
    }

    @Test
    void theModelDependsOnNothing() {
        noClasses()
                .that()
                .resideInAPackage(with("model"))
                .should()
                .dependOnClassesThat(resideOutsideOfPackages(
                        "dev.kept.model..", "java.lang..", "java.time..", "java.util..", "org.jspecify.."))
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

    @Test
    void onlyTheCommandLineAndTheEntryPointsOfProcessesWriteToTheTerminal() {
        noClasses()
                .that()
                .resideOutsideOfPackage(with("cli"))
                .and()
                .doNotHaveFullyQualifiedName("dev.kept.daemon.DaemonMain")
                .and()
                .doNotHaveFullyQualifiedName("dev.kept.daemon.Launch")
                .should()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err")
                .orShould()
                .callMethod(Throwable.class, "printStackTrace")
                .check(ALL);
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
