package dev.kept.provider;

import dev.kept.model.ConversationEvent.ProviderRaw;
import java.util.Map;
import java.util.TreeMap;

/** Counts what became of the records of many files: events, nothing by a rule, or raw; and by type, to be looked at. */
public final class RecordAccount {
    private final Map<String, Integer> byType = new TreeMap<>();
    private int records;
    private int withEvents;
    private int byRule;
    private int raw;

    public void add(DecodedRecord reading) {
        records++;
        boolean anyRaw = reading.events().stream().anyMatch(ProviderRaw.class::isInstance);
        if (reading.rule().isPresent()) {
            byRule++;
        } else if (anyRaw) {
            raw++;
        } else {
            withEvents++;
        }
        String what = reading.rule().map(rule -> "nothing: " + rule).orElse(anyRaw ? "raw" : "events");
        byType.merge(String.format("%-48s %s", reading.recordType(), what), 1, Integer::sum);
    }

    public int raw() {
        return raw;
    }

    public void print(int files) {
        byType.forEach((what, count) -> System.out.printf("%7d  %s%n", count, what));
        System.out.printf(
                "%d files, %d records = %d with events + %d mapped to nothing + %d raw%n",
                files, records, withEvents, byRule, raw);
    }
}
