package dev.kept.json;

import dev.kept.text.JsonEscapes;
import java.io.FilterWriter;
import java.io.Writer;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.DefaultPrettyPrinter;

/**
 * Generators that write JSON piece by piece. Characters that drive a terminal are escaped, so that foreign strings
 * cannot do harm where the JSON is displayed.
 */
public final class JsonWriter {
    private static final JsonFactory FACTORY = new JsonFactory();

    private JsonWriter() {}

    /** Returns a generator for one compact value; closing it closes the target. */
    public static JsonGenerator compact(Writer target) {
        return verbatim(new JsonEscapes(target));
    }

    /** Returns a generator for one compact value that escapes only what JSON requires, as on tapes. */
    public static JsonGenerator verbatim(Writer target) {
        return FACTORY.createGenerator(ObjectWriteContext.empty(), target);
    }

    /** Returns a generator for one indented value, for people; closing it closes the target. */
    public static JsonGenerator indented(Writer target) {
        return FACTORY.createGenerator(
                new ObjectWriteContext.Base() {
                    @Override
                    public tools.jackson.core.PrettyPrinter getPrettyPrinter() {
                        return new DefaultPrettyPrinter();
                    }
                },
                new JsonEscapes(target));
    }

    /** Returns a target that stays open when the generator that writes to it is closed. */
    public static Writer keptOpen(Writer target) {
        return new FilterWriter(target) {
            @Override
            public void close() {
                // The opener closes it.
            }
        };
    }
}
