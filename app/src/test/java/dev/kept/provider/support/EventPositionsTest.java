package dev.kept.provider.support;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kept.model.Authorship;
import dev.kept.model.ConversationEvent;
import dev.kept.model.EventHeader;
import dev.kept.model.EventSource;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EventPositionsTest {
    private static ConversationEvent event(ContentIds ids, int branch) {
        String id = ids.next("text " + branch);
        return new ConversationEvent.ProviderRaw(
                new EventHeader(
                        id,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        "branch-" + branch,
                        Authorship.NONE,
                        new EventSource("raw", 1, branch, 1, 0)),
                "text");
    }

    @Test
    void placesOfManyBranchesAreCountedTogetherAndTakeLittle() {
        EventPositions places = new EventPositions();
        ContentIds ids = new ContentIds();
        for (int i = 0; i < 5_000; i++) {
            assertThat(places.advance(event(ids, i))).as("place of event %d", i).isTrue();
        }
        assertThat(places.heldBytes()).isLessThan(200_000);
    }
}
