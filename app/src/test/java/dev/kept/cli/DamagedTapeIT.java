package dev.kept.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A flipped byte on the plain tape of a session whose file its agent has deleted: what people are told, and what they
 * get.
 */
@Timeout(180)
class DamagedTapeIT {
    private static final String ID = "1ddd0000-0000-4000-8000-000000000001";
    private static final String PLACE = "0001.jsonl: the bytes from 131072 to 196608 are damaged";

    @TempDir
    private Path temporary;

    private static void assertNotAsWritten(KeptProcess.Result result) {
        assertThat(result.code()).as(result.toString()).isEqualTo(1);
        assertThat(result.out() + result.err()).contains(PLACE);
    }

    @Test
    void itIsFoundWithItsPlaceIsNotSealedAndIsPutBackOnlyWhenThatIsAskedFor() throws Exception {
        try (KeptProcess kept = new KeptProcess(temporary)) {
            Path work = Files.createDirectories(kept.home().resolve("work"));
            kept.done("start");
            for (int i = 0; i < 100; i++) {
                kept.person(ID, work, "Tell me about the parser, part " + i + ".");
                kept.agent(ID, work, "It reads lines. " + "And lines. ".repeat(300));
            }
            KeptProcess.eventually(() ->
                    assertThat(kept.done("path", ID, "--json")).contains("\"bytes\" : " + Files.size(kept.source(ID))));
            kept.done("stop");
            Path plain = Path.of(kept.done("path", ID, "--tape").strip());
            byte[] damaged = flipped(plain);
            Files.delete(kept.source(ID));

            assertNotAsWritten(kept.run("doctor", "--verify"));
            assertNotAsWritten(kept.run("seal", "--older-than", "0d"));
            assertThat(plain).hasBinaryContent(damaged);
            KeptProcess.Result restored = kept.run("restore", ID);
            assertNotAsWritten(restored);
            assertThat(restored.err()).contains("was not restored", "kept restore " + ID + " --despite-damage");
            assertThat(kept.source(ID)).doesNotExist();
            // The conversation around it is there as before.
            assertThat(kept.done("show", ID)).contains("part 0.", "part 99.");

            assertThat(kept.done("restore", ID, "--despite-damage")).startsWith("Restored ");
            assertThat(kept.source(ID)).hasBinaryContent(damaged);
            assertNotAsWritten(kept.run("doctor", "--verify"));
            kept.done("forget", ID, "--yes");
            assertThat(plain.getParent()).doesNotExist();
        }
    }

    private static byte[] flipped(Path plain) throws IOException {
        byte[] bytes = Files.readAllBytes(plain);
        int at = new String(bytes, StandardCharsets.US_ASCII).indexOf("And lines. ", 150_000);
        bytes[at] ^= 0x20;
        Files.write(plain, bytes);
        return bytes;
    }
}
