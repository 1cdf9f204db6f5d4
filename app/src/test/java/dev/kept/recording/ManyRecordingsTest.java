package dev.kept.recording;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.kept.command.InChatCommand;
import dev.kept.model.ConversationEvent;
import dev.kept.recording.ModelRun.Conversation;
import dev.kept.recording.SimulatedDisk.Image;
import dev.kept.recording.writer.SubagentDetail;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an event costs does not depend on how much else is recorded. */
class ManyRecordingsTest {
    private static final int MANY = 300;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @TempDir
    private Path temporary;

    /** What delivering events to one session costs while so many others are recorded. */
    private record Cost(long bytes, int facts) {}

    private Cost cost(int others) throws IOException {
        SimulatedDisk disk = new SimulatedDisk(Image.empty());
        disk.makeFolder(Path.of("/work"));
        ModelRun run = new ModelRun(disk, disk, SubagentDetail.FOLD, new Random(1));
        run.startRead();
        Path folder = temporary.resolve(others + "");
        for (int i = 0; i < others; i++) {
            Chat other = new Chat("other" + i)
                    .user(
                            "\"::capture /work/o" + i + ".md\"",
                            ",\"origin\":{\"kind\":\"human\"},\"promptSource\":\"typed\",\"n\":" + i);
            List<String> records = new ArrayList<>(other.records());
            records.replaceAll(record -> record.replace("\"uuid\":\"id-", "\"uuid\":\"id-" + other.hashCode() + "-"));
            run.read(Conversation.of(folder, "other" + i, records, Map.of()));
            run.settle();
        }
        Chat chat = new Chat("mine").says().person("::capture /work/mine.md");
        for (int i = 0; i < 60; i++) {
            chat.answers();
        }
        Conversation mine = Conversation.of(folder, "mine", chat.records(), Map.of());
        List<ConversationEvent> events = mine.events();
        for (ConversationEvent event : events.subList(0, 22)) {
            run.take(mine, event);
            run.settle();
        }
        assertThat(run.engine().openRecordings()).isEqualTo(others + 1);
        long thread = Thread.currentThread().threadId();
        int factsBefore = run.factsMade();
        long before = THREADS.getThreadAllocatedBytes(thread);
        for (ConversationEvent event : events.subList(22, 62)) {
            run.take(mine, event);
        }
        return new Cost(THREADS.getThreadAllocatedBytes(thread) - before, run.factsMade() - factsBefore);
    }

    @Test
    void anEventCostsTheSameHoweverManyOtherSessionsAreRecorded() throws IOException {
        cost(1);
        Cost few = cost(2);
        Cost many = cost(MANY);
        System.out.printf("40 events: %,d bytes beside 2 recordings, %,d beside %d%n", few.bytes(), many.bytes(), MANY);
        assertThat(many.facts()).isEqualTo(40);
        assertThat(many.bytes()).isLessThan(few.bytes() + few.bytes() / 10);
    }

    /** Exports of a session that wait for a hung folder are not looked at when another one ends. */
    @Test
    void whatEndsCostsTheSameHoweverManyExportsOfItsSessionWait() throws IOException {
        endOfAnExport(1);
        long few = endOfAnExport(2);
        long many = endOfAnExport(MANY);
        System.out.printf("the end of an export: %,d bytes beside 2, %,d beside %d%n", few, many, MANY);
        assertThat(many).isLessThan(few + few / 10);
    }

    private long endOfAnExport(int waiting) throws IOException {
        SimulatedDisk disk = new SimulatedDisk(Image.empty());
        ModelRun run = new ModelRun(disk, disk, SubagentDetail.FOLD, new Random(1));
        run.startRead();
        Conversation conversation = Conversation.of(
                temporary.resolve("exports" + waiting),
                "session",
                new Chat("session").says().answers().records(),
                Map.of());
        run.read(conversation);
        run.hold("writer /work/hung");
        for (int i = 0; i < waiting; i++) {
            run.order(conversation, new InChatCommand.Export("/work/hung/e" + i + ".md"));
            run.settle();
        }
        run.order(conversation, new InChatCommand.Export("/work/done.md"));
        while (run.engine().openRecordings() == waiting) {
            assertThat(run.step()).isTrue();
        }
        long thread = Thread.currentThread().threadId();
        long bytes = 0;
        while (run.engine().openRecordings() > waiting) {
            long before = THREADS.getThreadAllocatedBytes(thread);
            boolean stepped = run.step();
            bytes = THREADS.getThreadAllocatedBytes(thread) - before;
            assertThat(stepped).isTrue();
        }
        return bytes;
    }
}
