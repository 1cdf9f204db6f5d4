package dev.kept.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kept.agents.Providers;
import dev.kept.model.ConversationEvent;
import dev.kept.provider.Provider;
import dev.kept.provider.Readings;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The first byte says which agent wrote the rest, the second where its reader is saved and restored: that changes
 * nothing.
 */
public final class ParserFuzz {
    private ParserFuzz() {}

    public static void fuzzerTestOneInput(byte[] data) throws IOException {
        if (data.length < 3) {
            return;
        }
        Provider provider = Providers.ALL.get(Byte.toUnsignedInt(data[0]) % Providers.ALL.size());
        byte[] bytes = Arrays.copyOfRange(data, 2, data.length);
        int cut = Byte.toUnsignedInt(data[1]) * bytes.length / 256;
        Readings readings = new Readings(provider);
        List<ConversationEvent> whole = readings.eventsOnce(Readings.MAIN, bytes);
        assertThat(readings.eventsWithRestarts(Readings.MAIN, bytes, cut)).isEqualTo(whole);
        Set<String> ids = new HashSet<>();
        for (ConversationEvent event : whole) {
            assertThat(ids.add(event.header().eventId()))
                    .as(event.header().eventId())
                    .isTrue();
        }
    }
}
