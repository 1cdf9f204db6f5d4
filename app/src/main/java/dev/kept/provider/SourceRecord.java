package dev.kept.provider;

import dev.kept.json.JsonValue;
import java.util.Objects;

/**
 * One record of a source.
 *
 * <p>Its position on the tape is {@code generation}, counted from 1, {@code offset}, in bytes from the start of the
 * generation, and {@code length}, in bytes without the line end.
 */
public sealed interface SourceRecord {

    int generation();

    long offset();

    long length();

    /**
     * A JSON value.
     *
     * @param textOffset the position from which the value's {@link JsonValue.JsonText#offset} are counted: the start of
     *     the text of the line, which several records may share
     * @param found the way in which it was found
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
        /** Valid JSON as it is. */
        AS_WRITTEN,

        /**
         * Valid JSON after unescaped line feeds, carriage returns or tabs in its strings were read as if they had been
         * escaped.
         */
        REPAIRED,

        /**
         * Valid JSON right after a torn record, so that it could also be an object inside that record whose content
         * others decide, e.g. a tool's output. Nobody counts as its author.
         */
        IN_DOUBT
    }

    /**
     * Bytes that are not read: not JSON, or too much of it.
     *
     * @param type {@link #MALFORMED}, {@link #TORN} or {@link #TOO_LARGE}
     */
    record Malformed(String type, String reason, int generation, long offset, long length) implements SourceRecord {
        /** The type of a record that is not JSON. */
        public static final String MALFORMED = "malformed";

        /** The type of a record that ends early because its agent was stopped while writing it. */
        public static final String TORN = "torn record";

        /** The type of a record that would use more heap than one record may. */
        public static final String TOO_LARGE = "too large";

        public Malformed {
            Objects.requireNonNull(type, "type");
            Objects.requireNonNull(reason, "reason");
        }
    }
}
