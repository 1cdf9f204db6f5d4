package dev.kept.recording.destination;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class SafeDestinationOpenerTest {
    private Path root = Path.of("/");
    private Path outside = Path.of("/");
    private PathPolicy policy = new PathPolicy(List.of(), root, List.of(), root);
    private SafeDestinationOpener opener = new SafeDestinationOpener(root);

    @BeforeEach
    void makeARoot(@TempDir Path temporary) throws IOException {
        Path home = temporary.toRealPath();
        root = Files.createDirectories(home.resolve("project"));
        outside = Files.createDirectories(home.resolve("outside"));
        policy = new PathPolicy(List.of(root), home.resolve(".kept"), List.of(), home);
        opener = new SafeDestinationOpener(policy.recordings());
    }

    private PathVerdict.Allowed allowed(String name) {
        return (PathVerdict.Allowed) policy.decide(root.resolve(name));
    }

    private static void append(OpenDestination destination, String text) throws IOException {
        destination.appender().write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void aMissingFileIsCreatedForItsOwnerAlone() throws IOException {
        try (OpenDestination destination = opener.open(allowed("notes/deep/a.md"))) {
            assertThat(destination.created()).isTrue();
            assertThat(destination.size()).isZero();
            append(destination, "text");
        }

        assertThat(root.resolve("notes/deep/a.md")).hasContent("text");
        assertThat(permissions(root.resolve("notes/deep/a.md"))).isEqualTo("rw-------");
    }

    @Test
    void keptsOwnFoldersAreTheOwnersAlone() throws IOException {
        Path file = policy.recordings().resolve("x/a.md");
        opener.open((PathVerdict.Allowed) policy.decide(file)).close();

        assertThat(permissions(policy.recordings())).isEqualTo("rwx------");
        assertThat(permissions(policy.recordings().resolve("x"))).isEqualTo("rwx------");
    }

    private static String permissions(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    @Test
    void anExistingFileIsReadAndAppendedToWhereverItEnds() throws IOException {
        Path file = Files.writeString(root.resolve("a.md"), "before ");
        try (OpenDestination destination = opener.open(allowed("a.md"))) {
            assertThat(destination.created()).isFalse();
            assertThat(destination.size()).isEqualTo(7);
            assertThat(destination.fileKey()).isNotEmpty();
            Files.writeString(file, "before, and somebody else's ");
            append(destination, "ours");
            ByteBuffer start = ByteBuffer.allocate(6);
            destination.reader().read(start, 0);
            assertThat(new String(start.array(), StandardCharsets.UTF_8)).isEqualTo("before");
        }

        assertThat(file).hasContent("before, and somebody else's ours");
    }

    @Test
    void aFileSwappedForALinkIsRefused() throws IOException {
        Files.writeString(root.resolve("a.md"), "");
        PathVerdict.Allowed before = allowed("a.md");
        Path victim = Files.writeString(outside.resolve("victim.md"), "untouched");
        Files.delete(root.resolve("a.md"));
        Files.createSymbolicLink(root.resolve("a.md"), victim);

        assertThatThrownBy(() -> opener.open(before)).isInstanceOf(DestinationRefusedException.class);
        assertThat(victim).hasContent("untouched");
    }

    @Test
    void aFileSwappedForAnotherNameOfOneOutsideIsRefused() throws IOException {
        Files.writeString(root.resolve("a.md"), "");
        PathVerdict.Allowed before = allowed("a.md");
        Path victim = Files.writeString(outside.resolve("victim.md"), "untouched");
        Files.delete(root.resolve("a.md"));
        Files.createLink(root.resolve("a.md"), victim);

        assertThatThrownBy(() -> opener.open(before))
                .isInstanceOfSatisfying(
                        DestinationRefusedException.class,
                        e -> assertThat(e.refusal().code()).isEqualTo(Refusal.Code.SEVERAL_NAMES));
        assertThat(victim).hasContent("untouched");
    }

    /** A file outside gets a name in the root for moments at a time: nothing ever arrives in it. */
    @Test
    void nothingIsWrittenOutsideWhileFilesAreSwappedForNamesOfOneOutside() throws IOException, InterruptedException {
        Path note = Files.writeString(root.resolve("a.md"), "");
        Path aside = root.resolve("aside");
        // Longer than the note becomes, as where the file system's clock is coarse only the size tells them apart.
        String untouched = "untouched ".repeat(100_000);
        Path victim = Files.writeString(outside.resolve("victim.md"), untouched);
        PathVerdict.Allowed target = allowed("a.md");
        Thread swapper = Thread.ofPlatform().start(() -> {
            while (!Thread.currentThread().isInterrupted()) {
                try {
                    Files.move(note, aside, StandardCopyOption.ATOMIC_MOVE);
                    Files.createLink(note, victim);
                    Files.delete(note);
                    Files.move(aside, note, StandardCopyOption.ATOMIC_MOVE);
                    Thread.sleep(0, 200_000);
                } catch (IOException createdMeanwhile) {
                    // The opener made the file anew in between: take it away and go on.
                    putBack(note, aside);
                } catch (InterruptedException e) {
                    return;
                }
            }
        });
        long end = System.nanoTime() + Duration.ofSeconds(2).toNanos();
        int written = 0;
        while (System.nanoTime() < end) {
            try (OpenDestination destination = opener.open(target)) {
                append(destination, "x");
                written++;
            } catch (IOException refusedOrGone) {
                // Either is right; writing outside is not.
            }
        }
        swapper.interrupt();
        swapper.join();

        assertThat(victim).hasContent(untouched);
        assertThat(written).isPositive();
    }

    @Test
    void aFolderSwappedForALinkIsRefused() throws IOException {
        Files.createDirectories(root.resolve("notes"));
        PathVerdict.Allowed before = allowed("notes/a.md");
        Files.delete(root.resolve("notes"));
        Files.createSymbolicLink(root.resolve("notes"), outside);

        assertThatThrownBy(() -> opener.open(before)).isInstanceOf(DestinationRefusedException.class);
        assertThat(outside).isEmptyDirectory();
    }

    @Test
    void aRootSwappedForALinkIsRefused() throws IOException {
        PathVerdict.Allowed before = allowed("a.md");
        Files.delete(root);
        Files.createSymbolicLink(root, outside);

        assertThatThrownBy(() -> opener.open(before)).isInstanceOf(DestinationRefusedException.class);
        assertThat(outside).isEmptyDirectory();
    }

    @Test
    @Timeout(10)
    void aFileSwappedForAPipeIsRefusedAndNotWaitedFor() throws IOException, InterruptedException {
        PathVerdict.Allowed before = allowed("a.md");
        assertThat(new ProcessBuilder("mkfifo", root.resolve("a.md").toString())
                        .start()
                        .waitFor())
                .isZero();

        assertThatThrownBy(() -> opener.open(before)).isInstanceOf(DestinationRefusedException.class);
    }

    /** Links are swapped in and out while destinations are opened: nothing ever arrives outside the root. */
    @Test
    void nothingIsWrittenOutsideWhileFoldersAreSwapped() throws IOException, InterruptedException {
        Path notes = Files.createDirectories(root.resolve("notes"));
        Path aside = root.resolve("aside");
        PathVerdict.Allowed target = allowed("notes/a.md");
        Thread swapper = Thread.ofPlatform().start(() -> {
            while (!Thread.currentThread().isInterrupted()) {
                try {
                    Files.move(notes, aside);
                    Files.createSymbolicLink(notes, outside);
                    Files.delete(notes);
                    Files.move(aside, notes);
                } catch (IOException e) {
                    // The opener made the folder anew in between: take it away and go on.
                    restore(notes, aside);
                }
            }
        });
        long end = System.nanoTime() + Duration.ofSeconds(2).toNanos();
        int written = 0;
        while (System.nanoTime() < end) {
            try (OpenDestination destination = opener.open(target)) {
                append(destination, "x");
                written++;
            } catch (IOException refusedOrGone) {
                // Either is right; writing outside is not.
            }
        }
        swapper.interrupt();
        swapper.join();

        assertThat(outside).isEmptyDirectory();
        assertThat(written).isPositive();
    }

    private static void putBack(Path note, Path aside) {
        try {
            Files.deleteIfExists(note);
            Files.move(aside, note, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException again) {
            // The next round tries again.
        }
    }

    private static void restore(Path notes, Path aside) {
        try {
            if (Files.isSymbolicLink(notes)) {
                Files.delete(notes);
            }
            if (Files.exists(aside) && Files.exists(notes)) {
                Files.deleteIfExists(aside.resolve("a.md"));
                Files.deleteIfExists(aside);
            } else if (Files.exists(aside)) {
                Files.move(aside, notes);
            }
        } catch (IOException again) {
            // The next round tries again.
        }
    }
}
