package dev.kept.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code kept seal}, with a daemon and without one, and every command over what it sealed. */
@Timeout(240)
class SealIT {
    private static final String ID = "1aaa0000-0000-4000-8000-000000000001";

    @TempDir
    private Path temporary;

    private static void talk(KeptProcess kept, Path work, int turns) throws IOException {
        for (int i = 0; i < turns; i++) {
            kept.person(ID, work, "Tell me about the parser, part " + i + ".");
            kept.agent(ID, work, "It reads lines. " + "And lines. ".repeat(300));
        }
    }

    private static void awaitOnTape(KeptProcess kept) {
        KeptProcess.eventually(() -> {
            String shown = kept.done("path", ID, "--json");
            assertThat(shown).contains("\"bytes\" : " + Files.size(kept.source(ID)));
        });
    }

    @Test
    void whatIsSealedIsShownExportedRestoredVerifiedAndForgottenAsBefore() throws Exception {
        try (KeptProcess kept = new KeptProcess(temporary)) {
            Path work = Files.createDirectories(kept.home().resolve("work"));
            kept.done("start", "--allow", "work");
            talk(kept, work, 100);
            awaitOnTape(kept);
            kept.done("stop");
            byte[] source = Files.readAllBytes(kept.source(ID));
            String exported = kept.done("export", ID);
            String shown = kept.done("show", ID);

            assertThat(kept.done("seal")).isEqualTo("Nothing is to be sealed.\n");
            assertThat(kept.done("seal", "--older-than", "0d", "--dry-run")).startsWith("To be sealed: 1 tape, ");
            Path plain = Path.of(kept.done("path", ID, "--tape").strip());
            assertThat(plain).hasFileName("0001.jsonl").hasBinaryContent(source);
            assertThat(kept.done("seal", "--older-than", "0d")).startsWith("Sealed: 1 file, ");
            Path sealed = Path.of(kept.done("path", ID, "--tape").strip());
            assertThat(sealed).hasFileName("0001.jsonl.zst");
            assertThat(plain).doesNotExist();
            assertThat(kept.done("path", ID)).contains(sealed + "  (sealed: zstdcat reads it)");

            assertThat(kept.done("show", ID)).isEqualTo(shown);
            assertThat(kept.done("export", ID)).isEqualTo(exported);
            assertThat(kept.run("doctor", "--verify").out()).contains("sealed", "verified: 1 tape read whole");
            Files.delete(kept.source(ID));
            kept.done("restore", ID);
            assertThat(kept.source(ID)).hasBinaryContent(source);

            // The daemon goes on behind what is sealed, and seals when it is asked to.
            kept.done("start");
            talk(kept, work, 3);
            awaitOnTape(kept);
            assertThat(kept.done("seal", "--older-than", "0d")).startsWith("Sealed: 1 file, ");
            assertThat(kept.done("path", ID).lines().filter(line -> line.contains(".zst")))
                    .hasSize(2);
            assertThat(kept.done("export", ID)).contains("part 99.", "part 2.").hasSizeGreaterThan(exported.length());
            assertThat(kept.done("seal", "--older-than", "0d")).isEqualTo("Nothing is to be sealed.\n");

            kept.done("stop");
            byte[] bytes = Files.readAllBytes(sealed);
            bytes[bytes.length / 3] ^= 0x10;
            Files.write(sealed, bytes);
            KeptProcess.Result doctor = kept.run("doctor", "--verify");
            assertThat(doctor.code()).isEqualTo(1);
            assertThat(doctor.out()).contains("0001.jsonl.zst", "are damaged");
            Files.write(sealed, new byte[10]);
            assertThat(kept.run("doctor").out()).contains("its table is missing at its end");

            bytes[bytes.length / 3] ^= 0x10;
            Files.write(sealed, bytes);
            kept.done("forget", ID, "--yes");
            assertThat(sealed.getParent()).doesNotExist();
        }
    }
}
