package dev.kept.provider;

import dev.kept.json.JsonValue;
import java.util.Objects;

/**
 * One record of a source.
 *
 * <p>Its range on the tape: {@code generation} from 1, {@code offset} in bytes from the start of the generation, {@code
 * length} in bytes without the line end.
 */
public sealed interface SourceRecord {

    int generation();

    long offset();

    long length();

    /**
     * A JSON value.
     *
     * @param textOffset where the text starts that the value's {@link JsonValue.JsonText#offset} count from: that of the
     *     line, which several records may share
     * @param found how it was found
     */
    record Value(JsonValue value, int generation, long offset, long length, long textOffset, Found found)
            implements SourceRecord {
        public Value {
            Objects.requireNonNull(value, "value");
            Objects.requireNonNull(found, "found");
        }
    }

    /** The way in which a JSON value was found. */
    enum Found {
        /** It stands there as JSON. */
        AS_WRITTEN,

        /** Line feeds, carriage returns or tabs that stood in its strings as such are read as if they had been escaped. */
        REPAIRED,

        /**
         * It follows a torn record so closely that it could also be an object from inside that record which others decide on,
         * e.g. a tool's output. Nobody counts as its author.
         */
        IN_DOUBT
    }

    /**
     * Bytes that are not read: no JSON, or too much of it.
     *
     * @param type {@link #MALFORMED}, {@link #TORN} or {@link #TOO_LARGE}
     */
    record Malformed(String type, String reason, int generation, long offset, long length) implements SourceRecord {
        /** The type of a record that is no JSON. */
        public static final String MALFORMED = "malformed";

        /** The type of a record that ends before its end: its agent was stopped while it wrote. */
        public static final String TORN = "torn record";

        /** The type of a record that would take more of the heap than one record may. */
        public static final String TOO_LARGE = "too large";

        public Malformed {
            Objects.requireNonNull(type, "type");
            Objects.requireNonNull(reason, "reason");
        }
    }
}
