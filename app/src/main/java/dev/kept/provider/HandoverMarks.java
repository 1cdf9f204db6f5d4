package dev.kept.provider;

import dev.kept.json.JsonValue.JsonObject;
import java.util.Optional;

/** The marks in an agent's records which show that a conversation was handed over from another file. Stateless. */
public interface HandoverMarks {
    /** Returns the id of a record, which its copies keep; empty if it has none. */
    Optional<String> recordId(JsonObject entry);

    /** Reports whether a record is in a file to which a conversation may have been handed over. */
    boolean isHandedOver(JsonObject entry);
}
