package dev.kept.json;

import dev.kept.text.JsonEscapes;
import java.io.FilterWriter;
import java.io.Writer;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.DefaultPrettyPrinter;

/**
 * Writes JSON piece by piece, through a generator. Characters that drive a terminal are escaped, so that no string of a
 * stranger does where the JSON is looked at.
 */
public final class JsonWriter {
    private static final JsonFactory FACTORY = new JsonFactory();

    private JsonWriter() {}

    /** A generator for one compact value; closing it closes the target. */
    public static JsonGenerator compact(Writer target) {
        return verbatim(new JsonEscapes(target));
    }

    /** A generator for one compact value with only those escapes that JSON demands: a tape's own form. */
    public static JsonGenerator verbatim(Writer target) {
        return FACTORY.createGenerator(ObjectWriteContext.empty(), target);
    }

    /** A generator for one indented value, for people; closing it closes the target. */
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

    /** A target that stays open when the generator that writes to it is closed. */
    public static Writer keptOpen(Writer target) {
        return new FilterWriter(target) {
            @Override
            public void close() {
                // Whoever opened it closes it.
            }
        };
    }
}
