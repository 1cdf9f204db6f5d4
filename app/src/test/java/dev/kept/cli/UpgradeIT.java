package dev.kept.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A home that commit 13936db made, with an active recording, a checkpoint and two sealed tapes, used by this version.
 * Journals, manifests and the names of tapes have the paths of the machine in them, so the home must be in its own
 * place.
 */
@Timeout(180)
class UpgradeIT {
    private static final Path PLACE = Path.of("/tmp/kept-13936db");
    private static final String RECORDED = "11111111-aaaa-4bbb-8ccc-000000000001";
    private static final String CODEX = "019c9c96-0001-77c0-ba4c-380f84420001";

    private final Path note = PLACE.resolve("work/notes/harbour.md");
    private @Nullable FileChannel onlyOne;
    private String before = "";

    @BeforeEach
    void theHomeOfThen() throws IOException {
        assumeTrue(Files.isDirectory(Path.of("/tmp"))
                && Path.of("/tmp").toRealPath().equals(Path.of("/tmp")));
        FileChannel channel =
                FileChannel.open(Path.of(PLACE + ".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        onlyOne = channel;
        FileLock lock = channel.lock();
        assertThat(lock.isValid()).isTrue();
        delete();
        Path kept = Path.of("src/test/resources/upgrade/13936db");
        try (Stream<Path> all = Files.walk(kept)) {
            for (Path each : all.toList()) {
                Path copy = PLACE.resolve(kept.relativize(each).toString());
                Files.copy(each, copy);
                Files.setPosixFilePermissions(
                        copy, PosixFilePermissions.fromString(Files.isDirectory(copy) ? "rwx------" : "rw-------"));
            }
        }
        before = Files.readString(note);
    }

    @AfterEach
    void nothingIsLeft() throws IOException {
        FileChannel channel = onlyOne;
        if (channel != null) {
            delete();
            channel.close();
        }
    }

    private static void delete() throws IOException {
        if (Files.exists(PLACE)) {
            List<Path> deepestFirst;
            try (Stream<Path> all = Files.walk(PLACE)) {
                deepestFirst = all.sorted(Comparator.reverseOrder()).toList();
            }
            for (Path each : deepestFirst) {
                Files.delete(each);
            }
        }
    }

    @Test
    void theRecordingContinuesOnceAndEverySessionIsReadAsBefore() throws Exception {
        try (KeptProcess kept = new KeptProcess(PLACE)) {
            // Without a daemon first: nothing may depend on what the new one writes.
            assertThat(kept.done("sessions")).contains("How deep is the harbour?", "Which tide is next?");
            assertThat(kept.done("show", CODEX, "--full")).contains("Which tide is next?");
            kept.done("start");
            assertThat(PLACE.resolve(".kept/tapes/format")).hasContent("1");
            kept.person(RECORDED, PLACE.resolve("work"), "And at high water?");
            kept.agent(RECORDED, PLACE.resolve("work"), "Fifteen metres.");
            KeptProcess.eventually(() -> assertThat(note).content().contains("Fifteen metres."));
            assertThat(Files.readString(note)).startsWith(before);
            assertThat(Files.readString(note).substring(before.length()))
                    .containsOnlyOnce("And at high water?")
                    .containsOnlyOnce("Fifteen metres.")
                    .doesNotContain("Eleven metres");
            assertThat(kept.done("status")).contains("Recording  1 session").doesNotContain("To mend");
            kept.person(RECORDED, PLACE.resolve("work"), "::stop");
            KeptProcess.eventually(() -> assertThat(kept.done("status")).contains("Recording  nothing"));
            assertThat(kept.run("doctor", "--verify").out()).contains("verified: 2 tapes read whole");
        }
    }

    @Test
    void aHomeOfANewerVersionIsRefusedAndStaysAsItIs() throws Exception {
        Path format = PLACE.resolve(".kept/tapes/format");
        Files.writeString(format, "2\n");
        try (KeptProcess kept = new KeptProcess(PLACE)) {
            for (String command : List.of("start", "status", "sessions", "doctor")) {
                KeptProcess.Result refused = kept.run(command);
                assertThat(refused.code()).as(command + refused).isEqualTo(2);
                assertThat(refused.err()).contains("newer version of Kept (format 2", "nothing was changed");
            }
        }
        assertThat(format).hasContent("2");
        assertThat(PLACE.resolve(".kept/run")).doesNotExist();
    }
}
