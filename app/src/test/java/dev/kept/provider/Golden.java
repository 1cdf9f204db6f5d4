package dev.kept.provider;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kept.model.ConversationEvent;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Hand-written files against their golden events. {@code -Dkept.golden.write=true} writes the golden files anew; read
 * the difference before you commit it.
 */
public final class Golden {
    private Golden() {}

    /** Compares what a file was read as with the golden file beside it: {@code x.jsonl} with {@code x.golden.jsonl}. */
    public static void check(Path fixture, List<DecodedRecord> readings) throws IOException {
        String name = fixture.getFileName().toString();
        Path golden = fixture.resolveSibling(name.substring(0, name.lastIndexOf('.')) + ".golden.jsonl");
        String told = tell(readings);
        if (Boolean.getBoolean("kept.golden.write")) {
            Files.writeString(golden, told, StandardCharsets.UTF_8);
        }
        assertThat(told).isEqualTo(Files.readString(golden, StandardCharsets.UTF_8));
    }

    /** One line for each event, or for the rule where there is none; facts below their record. */
    private static String tell(List<DecodedRecord> readings) {
        List<String> lines = new ArrayList<>();
        for (DecodedRecord reading : readings) {
            reading.rule().ifPresent(rule -> lines.add("// " + reading.recordType() + ": nothing, " + rule));
            for (ConversationEvent event : reading.events()) {
                lines.add(EventJson.line(event));
            }
            reading.facts().forEach(fact -> lines.add("// " + fact));
        }
        return String.join("\n", lines) + "\n";
    }
}
