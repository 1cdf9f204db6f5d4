package dev.kept.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kept.model.ConversationEvent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkloadGeneratorTest {
    private static final WorkloadShape SHAPE = WorkloadShape.of(7, 200, 2048);

    @TempDir
    private Path folder;

    @Test
    void theSameShapeGivesTheSameBytes() throws Exception {
        WorkloadGenerator.Summary first = WorkloadGenerator.generate(folder.resolve("a"), SHAPE);
        WorkloadGenerator.Summary second = WorkloadGenerator.generate(folder.resolve("b"), SHAPE);

        assertThat(second.sha256()).isEqualTo(first.sha256());
        assertThat(first.files()).hasSize(7);
        assertThat(Files.size(first.files().getFirst())).isBetween(190L * 2048, 210L * 2048);
        assertThat(first.bytes() / (double) first.events()).isBetween(1_950.0, 2_150.0);
    }

    @Test
    void oneRecordIsOneEvent() {
        List<ConversationEvent> all = new ArrayList<>();
        ParsedWorkload.forEachSession(SHAPE, (_, events) -> all.addAll(events));

        assertThat(all).hasSize(7 * 200);
        assertThat(all)
                .extracting(ConversationEvent::kind)
                .containsOnly("user.message", "assistant.message", "assistant.thinking", "tool.call", "tool.result");
    }
}
