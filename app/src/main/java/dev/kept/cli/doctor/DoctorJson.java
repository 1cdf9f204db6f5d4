package dev.kept.cli.doctor;

import dev.kept.cli.doctor.check.Finding;
import dev.kept.cli.doctor.check.Severity;
import dev.kept.config.KeptVersion;
import dev.kept.json.JsonWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import tools.jackson.core.JsonGenerator;

/** The doctor's results as JSON. {@code docs/doctor.md} describes the form. */
public final class DoctorJson {
    /** Version of the form; it grows when a member is renamed, retyped or removed, not when one is added. */
    public static final int SCHEMA_VERSION = 1;

    private DoctorJson() {}

    /** Returns the results of all checks. */
    public static String of(List<CheckResult> results, Instant now) {
        StringWriter text = new StringWriter();
        try (JsonGenerator out = JsonWriter.indented(text)) {
            out.writeStartObject();
            out.writeNumberProperty("schemaVersion", SCHEMA_VERSION);
            out.writeStringProperty("generatedAt", now.toString());
            out.writeStringProperty("version", KeptVersion.current());
            out.writeStringProperty("status", worst(results).word());
            out.writeArrayPropertyStart("checks");
            results.forEach(result -> write(out, result));
            out.writeEndArray();
            out.writeEndObject();
        }
        return text.toString();
    }

    /** Returns the weight of the heaviest finding of all. */
    public static Severity worst(List<CheckResult> results) {
        return results.stream()
                .map(CheckResult::severity)
                .max(Comparator.naturalOrder())
                .orElse(Severity.OK);
    }

    private static void write(JsonGenerator out, CheckResult result) {
        out.writeStartObject();
        out.writeStringProperty("id", result.id());
        out.writeStringProperty("status", result.severity().word());
        out.writeArrayPropertyStart("findings");
        for (Finding finding : result.findings()) {
            out.writeStartObject();
            out.writeStringProperty("status", finding.severity().word());
            out.writeStringProperty("message", finding.message());
            finding.remedy().ifPresent(remedy -> out.writeStringProperty("remedy", remedy));
            out.writeEndObject();
        }
        out.writeEndArray();
        out.writeEndObject();
    }
}
