package dev.kept.observe;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FlightEventsTest {
    @TempDir
    private Path folder;

    private static void tellAll() {
        FlightEvents.appended("claude:one", 3);
        FlightEvents.evicted("claude:one", "memory_pressure", 3, 4_000);
        FlightEvents.heartbeat(53, 15_529, 31_000_000);
        FlightEvents.imported(53, 31_749_865);
    }

    @Test
    void whatIsRecordedCanBeReadAndWhatIsNotIsNotMade() throws Exception {
        tellAll();
        Path file = folder.resolve("kept.jfr");
        try (Recording recording = new Recording()) {
            List.of("kept.Append", "kept.Eviction", "kept.Heartbeat", "kept.Import")
                    .forEach(recording::enable);
            recording.start();
            tellAll();
            recording.stop();
            recording.dump(file);
        }
        tellAll();

        List<RecordedEvent> events = new ArrayList<>(RecordingFile.readAllEvents(file));
        events.removeIf(event -> !event.getEventType().getName().startsWith("kept."));
        assertThat(events)
                .extracting(event -> event.getEventType().getName())
                .containsExactlyInAnyOrder("kept.Append", "kept.Eviction", "kept.Heartbeat", "kept.Import");
        for (RecordedEvent event : events) {
            switch (event.getEventType().getName()) {
                case "kept.Append" -> assertThat(event.getInt("events")).isEqualTo(3);
                case "kept.Eviction" -> {
                    assertThat(event.getString("reason")).isEqualTo("memory_pressure");
                    assertThat(event.getLong("bytes")).isEqualTo(4_000);
                }
                case "kept.Heartbeat" -> assertThat(event.getLong("events")).isEqualTo(15_529);
                default -> assertThat(event.getLong("bytes")).isEqualTo(31_749_865);
            }
        }
    }
}
