package dev.kept.recording;

import dev.kept.recording.ModelRun.Conversation;
import dev.kept.recording.SimulatedDisk.Image;
import dev.kept.recording.writer.SubagentDetail;
import dev.kept.testing.TestClock;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** What tests of recordings begin with: an empty disk, a clock that stands, and an engine that has read its start. */
public abstract class OneModelRun {
    @TempDir
    Path temporary;

    final TestClock clock = new TestClock(ModelRun.NOW);
    final SimulatedDisk disk = new SimulatedDisk(Image.empty());
    final TroubledAccess access = new TroubledAccess(disk);
    public ModelRun run;

    private final long seed;

    /** @param seed decides the order in which workers answer */
    public OneModelRun(long seed) {
        this.seed = seed;
    }

    @BeforeEach
    void start() throws IOException {
        disk.makeFolder(Path.of("/work"));
        run = anotherRun();
    }

    /** As after a restart, over the same disk. */
    final ModelRun anotherRun() throws IOException {
        ModelRun another = anotherRunThatReads();
        another.startRead();
        return another;
    }

    /** The same, while it still reads what was there at its start. */
    final ModelRun anotherRunThatReads() throws IOException {
        return new ModelRun(disk, access, SubagentDetail.FOLD, new Random(seed), clock);
    }

    final Conversation conversation(String session, Chat chat) throws IOException {
        return Conversation.of(temporary, session, chat.records(), Map.of());
    }

    final Conversation conversation(Chat chat) throws IOException {
        return conversation("session", chat);
    }

    /** Has the engine take all of it, and all be done that comes of that. */
    final Conversation read(Chat chat) throws IOException {
        Conversation conversation = conversation(chat);
        run.read(conversation);
        run.settle();
        return conversation;
    }
}
