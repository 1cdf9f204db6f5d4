package dev.kept.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.kept.ingest.admission.LinkRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Session folders and files that are symbolic links: followed where they may be, each file once, and told of where
 * not.
 */
class LinkedSourcesTest {
    private static final String NOT_FOLLOWED = LinkRegistry.NOT_FOLLOWED;

    @TempDir
    private Path temporary;

    private Path folder;
    private Path listed;
    private Path elsewhere;
    private IngestFixture ingest;
    private RecordingListener heard;

    @BeforeEach
    void fixture() throws IOException {
        folder = temporary.toRealPath();
        listed = Files.createDirectories(folder.resolve("listed"));
        elsewhere = Files.createDirectories(folder.resolve("elsewhere"));
        ingest = IngestFixture.following(folder, listed);
        heard = ingest.listener();
    }

    @AfterEach
    void close() throws IOException {
        ingest.close();
    }

    private Path sessionsLink() throws IOException {
        return ingest.root().resolve("sessions");
    }

    private static void repoint(Path link, Path target) throws IOException {
        Path other = Files.createSymbolicLink(link.resolveSibling("other-link.txt"), target);
        Files.move(other, link, StandardCopyOption.ATOMIC_MOVE);
    }

    private List<String> problemsOf(Path link) {
        return heard.problems().stream()
                .filter(each -> each.code().equals(NOT_FOLLOWED) && each.path().equals(link))
                .map(RecordingListener.Problem::message)
                .toList();
    }

    @Test
    void aSessionFolderThatIsALinkIsFollowedByTheAgentsOwnPath() throws IOException {
        Path link = Files.createSymbolicLink(sessionsLink(), elsewhere);
        Files.writeString(Files.createDirectory(elsewhere.resolve("p")).resolve("a.jsonl"), "one\n");
        ingest.start();
        Path name = link.resolve("p/a.jsonl");
        heard.awaitText(name, "one\n");
        IngestFixture.append(elsewhere.resolve("p/a.jsonl"), "two\n");
        heard.awaitText(name, "one\ntwo\n");
        Files.writeString(Files.createDirectory(elsewhere.resolve("q")).resolve("b.json"), "{\"a\":1}");
        heard.awaitHeardOf(link.resolve("q/b.json"));
        assertThat(ingest.tapeTexts(name)).containsExactly("one\ntwo\n");
        assertThat(heard.problems()).isEmpty();
        assertThat(heard.heardOf(elsewhere.resolve("p/a.jsonl"))).isFalse();
    }

    @Test
    void aSessionFolderMayBecomeALinkAndLeadElsewhereWhileItIsFollowed() throws IOException {
        ingest.root();
        ingest.start();
        Files.writeString(elsewhere.resolve("a.jsonl"), "one\n");
        Path link = Files.createSymbolicLink(sessionsLink(), elsewhere);
        heard.awaitText(link.resolve("a.jsonl"), "one\n");
        Path moved = Files.createDirectory(folder.resolve("moved"));
        Files.writeString(moved.resolve("a.jsonl"), "one\ntwo\n");
        Files.writeString(moved.resolve("b.jsonl"), "three\n");
        repoint(link, moved);
        heard.awaitText(link.resolve("a.jsonl"), "one\ntwo\n");
        heard.awaitText(link.resolve("b.jsonl"), "three\n");
        IngestFixture.append(moved.resolve("b.jsonl"), "four\n");
        heard.awaitText(link.resolve("b.jsonl"), "three\nfour\n");
    }

    @Test
    void aLinkIsFollowedWhereItsTargetIsListedAndNamedWhereItIsNot() throws IOException {
        Path one = Files.createDirectory(listed.resolve("one"));
        Files.writeString(one.resolve("a.jsonl"), "one\n");
        Files.writeString(elsewhere.resolve("x.jsonl"), "secret\n");
        Path followed = Files.createSymbolicLink(ingest.file("one"), one);
        Path refused = Files.createSymbolicLink(ingest.file("two"), elsewhere);
        ingest.start();
        heard.awaitText(followed.resolve("a.jsonl"), "one\n");
        heard.awaitProblem(NOT_FOLLOWED, refused);
        assertThat(problemsOf(refused).getFirst()).contains("not listed").contains(elsewhere.toString());
        Path late = Files.createSymbolicLink(ingest.file("late"), Files.createDirectory(listed.resolve("late")));
        Files.writeString(listed.resolve("late/b.jsonl"), "late\n");
        heard.awaitText(late.resolve("b.jsonl"), "late\n");
        IngestFixture.append(listed.resolve("late/b.jsonl"), "later\n");
        heard.awaitText(late.resolve("b.jsonl"), "late\nlater\n");
        ingest.settle();
        assertThat(heard.heardOf(refused.resolve("x.jsonl"))).isFalse();
        assertThat(ingest.tapeCount()).isEqualTo(2);
    }

    @Test
    void aSessionFileThatIsALinkIsFollowedAndGoesOnWhereItLeadsLater() throws IOException {
        Path target = Files.writeString(listed.resolve("stored.jsonl"), "one\n");
        Path link = Files.createSymbolicLink(ingest.file("a.jsonl"), target);
        ingest.start();
        heard.awaitText(link, "one\n");
        IngestFixture.append(target, "two\n");
        heard.awaitText(link, "one\ntwo\n");
        Path next = Files.writeString(listed.resolve("next.jsonl"), "one\ntwo\nthree\n");
        repoint(link, next);
        heard.awaitText(link, "one\ntwo\nthree\n");
        IngestFixture.append(next, "four\n");
        heard.awaitText(link, "one\ntwo\nthree\nfour\n");
        Path secret = Files.writeString(elsewhere.resolve("s.jsonl"), "one\ntwo\nthree\nfour\nsecret\n");
        repoint(link, secret);
        heard.awaitProblem(NOT_FOLLOWED, link);
        heard.awaitPresent(link, false);
        assertThat(ingest.tapeTexts(link)).containsExactly("one\ntwo\nthree\nfour\n");
    }

    @Test
    void aLinkThatLeadsToNothingIsNamedAndFollowedOnceItLeadsToSomething() throws IOException {
        Path link = Files.createSymbolicLink(ingest.file("p"), listed.resolve("p"));
        Path file = Files.createSymbolicLink(ingest.file("z.jsonl"), listed.resolve("z.jsonl"));
        ingest.start();
        heard.awaitProblem(NOT_FOLLOWED, link);
        Files.writeString(Files.createDirectory(listed.resolve("p")).resolve("a.jsonl"), "one\n");
        Files.writeString(listed.resolve("z.jsonl"), "z\n");
        heard.awaitText(link.resolve("a.jsonl"), "one\n");
        heard.awaitText(file, "z\n");
    }

    @Test
    void whatTwoNamesLeadToIsKeptOnceAlsoAfterAnotherStart() throws IOException {
        Path shared = Files.createDirectory(listed.resolve("shared"));
        Files.writeString(Files.createDirectory(shared.resolve("deep")).resolve("a.jsonl"), "one\n");
        Path second = Files.createSymbolicLink(ingest.file("m-second"), shared);
        Files.createSymbolicLink(ingest.file("n-third"), shared.resolve("deep"));
        Files.createSymbolicLink(ingest.file("o.jsonl"), shared.resolve("deep/a.jsonl"));
        Path own = Files.writeString(Files.createDirectory(ingest.file("own")).resolve("b.jsonl"), "two\n");
        Files.createSymbolicLink(ingest.file("a-own"), ingest.file("own"));
        Files.createSymbolicLink(ingest.archive().resolve("c.jsonl"), own);
        ingest.start();
        heard.awaitText(second.resolve("deep/a.jsonl"), "one\n");
        heard.awaitText(own, "two\n");
        // A name that comes first among those of a later start takes nothing over.
        Files.createSymbolicLink(ingest.file("a-first"), shared);
        ingest.settle();
        assertThat(ingest.tapeCount()).isEqualTo(2);
        ingest.restart();
        heard = ingest.listener();
        ingest.settle();
        heard.awaitText(second.resolve("deep/a.jsonl"), "one\n");
        assertThat(ingest.tapeCount()).isEqualTo(2);
        assertThat(heard.problems()).isEmpty();
    }

    @Test
    void noLinkLeadsHomeOrToTheRootOfAllOrToKeptsOwnFilesOrBackUp() throws IOException {
        ingest.close();
        ingest = IngestFixture.following(folder, listed, folder, Path.of("/"), folder.resolve(".kept"));
        heard = ingest.listener();
        Files.createDirectories(folder.resolve(".kept/tapes"));
        Files.writeString(folder.resolve(".kept/tapes/k.jsonl"), "secret\n");
        Path home = Files.createSymbolicLink(ingest.file("a-home"), folder);
        Path top = Files.createSymbolicLink(ingest.file("b-top"), Path.of("/"));
        Path kept = Files.createSymbolicLink(ingest.file("c-kept"), folder.resolve(".kept/tapes"));
        Path loop = Files.createSymbolicLink(ingest.file("d-loop"), Path.of("d-loop"));
        Path back =
                Files.createSymbolicLink(Files.createDirectory(ingest.file("e")).resolve("back"), ingest.root());
        Path fine = ingest.write("z.jsonl", "fine\n");
        ingest.start();
        for (Path link : List.of(home, top, kept, loop)) {
            heard.awaitProblem(NOT_FOLLOWED, link);
        }
        heard.awaitText(fine, "fine\n");
        ingest.settle();
        assertThat(problemsOf(home).getFirst()).contains("home directory");
        assertThat(problemsOf(kept).getFirst()).contains("Kept's own files");
        assertThat(heard.problems().stream().map(RecordingListener.Problem::message))
                .anyMatch(words -> words.contains("back to a folder above"));
        assertThat(heard.heardOf(back.resolve("sessions/z.jsonl"))).isFalse();
        assertThat(ingest.tapeCount()).isEqualTo(1);
    }

    @Test
    void noSessionFolderLeadsHome() throws IOException {
        Files.writeString(folder.resolve("private.jsonl"), "secret\n");
        Path link = Files.createSymbolicLink(sessionsLink(), folder);
        Path fine = Files.writeString(ingest.archive().resolve("z.jsonl"), "fine\n");
        ingest.start();
        heard.awaitProblem(NOT_FOLLOWED, link);
        heard.awaitText(fine, "fine\n");
        ingest.settle();
        assertThat(ingest.tapeCount()).isEqualTo(1);
    }

    @Test
    void whatAnotherUserOwnsIsNotFollowedEvenIfItIsListed() throws IOException {
        assumeThat(Files.getAttribute(folder, "unix:uid"))
                .as("only root may give a folder away")
                .isEqualTo(0);
        Path theirs = Files.createDirectory(listed.resolve("theirs"));
        Files.writeString(theirs.resolve("a.jsonl"), "theirs\n");
        Files.setAttribute(theirs, "unix:uid", 12_345);
        Path link = Files.createSymbolicLink(ingest.file("p"), theirs);
        ingest.write("z.jsonl", "fine\n");
        ingest.start();
        heard.awaitProblem(NOT_FOLLOWED, link);
        ingest.settle();
        assertThat(problemsOf(link).getFirst()).contains("another user");
        assertThat(ingest.tapeCount()).isEqualTo(1);
    }

    @Test
    void aFolderThatBecomesALinkWhileItIsFollowedLeadsNowhere() throws IOException {
        Path project = Files.createDirectory(ingest.file("p"));
        Path file = Files.writeString(project.resolve("a.jsonl"), "one\n");
        ingest.start();
        heard.awaitText(file, "one\n");
        Files.writeString(elsewhere.resolve("a.jsonl"), "one\nsecret\n");
        Files.move(project, folder.resolve("aside"));
        Files.createSymbolicLink(project, elsewhere);
        heard.awaitProblem(NOT_FOLLOWED, project);
        ingest.settle();
        assertThat(ingest.tapeTexts(file)).containsExactly("one\n");
        assertThat(heard.present(file)).isFalse();
        Files.delete(project);
        Files.move(folder.resolve("aside"), project);
        IngestFixture.append(file, "two\n");
        ingest.settle();
        heard.awaitText(file, "one\ntwo\n");
    }

    @Test
    void whatALinkLeadsToIsNotSaidToBeUnkept() throws IOException {
        Path link = Files.createSymbolicLink(sessionsLink(), elsewhere);
        Path other = Files.createSymbolicLink(elsewhere.resolve("p"), Files.createDirectory(listed.resolve("p")));
        Files.writeString(elsewhere.resolve("a.jsonl"), "one\n");
        Files.writeString(listed.resolve("p/b.jsonl"), "two\n");
        Files.createSymbolicLink(elsewhere.resolve("q"), listed.resolve("p"));
        ingest.start();
        heard.awaitText(link.resolve("a.jsonl"), "one\n");
        heard.awaitText(link.resolve("p/b.jsonl"), "two\n");
        assertThat(Files.isSymbolicLink(other)).isTrue();
        Instant late = Instant.now().plus(Duration.ofHours(1));
        UnkeptSources unkept =
                new UnkeptSources(ingest.roots(), ingest.tapes(), ingest.rules(), late.minus(Duration.ofHours(2)));
        assertThat(unkept.check(late, Optional.of(late), true)).isEmpty();
        ingest.stop();
        IngestFixture.append(elsewhere.resolve("a.jsonl"), "not copied\n");
        assertThat(unkept.check(late, Optional.of(late), true))
                .extracting(UnkeptSources.Unkept::path)
                .containsExactly(link.resolve("a.jsonl"));
    }
}
