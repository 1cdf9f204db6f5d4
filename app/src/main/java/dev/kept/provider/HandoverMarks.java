package dev.kept.provider;

import dev.kept.json.JsonValue.JsonObject;
import java.util.Optional;

/** The marks by which an agent's records tell that their conversation was handed over from another file. Stateless. */
public interface HandoverMarks {
    /** Returns the id of a record, which its copies keep; empty if it has none. */
    Optional<String> recordId(JsonObject entry);

    /** Reports whether a record stands in a file that a conversation may have been handed over to. */
    boolean isHandedOver(JsonObject entry);
}
