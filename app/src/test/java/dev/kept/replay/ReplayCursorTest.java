package dev.kept.replay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kept.model.ConversationEvent;
import dev.kept.model.TapePosition;
import dev.kept.recording.Chat;
import dev.kept.recording.ModelRun;
import dev.kept.recording.ModelRun.Conversation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reading back from tapes, a bounded part at a time. */
class ReplayCursorTest {
    private static final int TURNS = 2_000;

    @TempDir
    private Path temporary;

    @Test
    void whatAnOlderFileToldIsReadPieceByPieceAndPassedOver() throws IOException {
        Chat chat = new Chat("session");
        for (int i = 0; i < TURNS; i++) {
            chat.assistant("words of a line ".repeat(60) + chat.turn());
        }
        BranchSource older = source("older", chat);
        chat.assistant("news " + chat.turn());
        BranchSource repeating = source("repeating", chat);
        TapePosition end = new TapePosition(Integer.MAX_VALUE, 0, 0);
        BranchSource both = new BranchSource(
                repeating.provider(),
                repeating.kind(),
                repeating.tapeFolder(),
                "session",
                List.of(new BranchSource.Earlier(older, end)));
        int most = 100_000;
        int parts = 0;
        long held = 0;
        try (ReplayCursor cursor = new ReplayCursor(both)) {
            long before = 0;
            while (!cursor.skipTo(TapePosition.START, most)) {
                assertThat(cursor.bytesRead() - before).as("bytes of one part").isBetween(1L, most + 2L * 64 * 1024);
                before = cursor.bytesRead();
                held = Math.max(held, cursor.heldBytes());
                parts++;
            }
            List<ConversationEvent> news = new ArrayList<>();
            for (Optional<ConversationEvent> next = cursor.peek(); next.isPresent(); next = cursor.peek()) {
                news.add(next.get());
                cursor.consume();
            }
            assertThat(news).hasSize(1);
        }
        assertThat(parts).isGreaterThan(20);
        assertThat(held).as("bytes held while ids are read").isLessThan(1_000_000);
    }

    private BranchSource source(String name, Chat chat) throws IOException {
        Conversation conversation =
                Conversation.of(temporary, "session", name, ModelRun.NOW, List.copyOf(chat.records()), Map.of());
        return new BranchSource(
                conversation.source().provider(),
                conversation.source().kind(),
                conversation.source().tapeFolder(),
                "session");
    }
}
