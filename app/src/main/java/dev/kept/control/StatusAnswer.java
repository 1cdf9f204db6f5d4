package dev.kept.control;

import dev.kept.config.KeptHome;
import dev.kept.status.StatusJson;
import dev.kept.status.StatusReport;
import dev.kept.status.StatusText;
import java.time.Instant;

/** Factory of answers to a {@link ControlRequest.Status}. */
public final class StatusAnswer {
    private StatusAnswer() {}

    /** Returns the report in the requested form; ages in the text are relative to {@code now}. */
    public static ControlAnswer of(ControlRequest.Status request, StatusReport report, KeptHome home, Instant now) {
        return switch (request.form()) {
            case JSON -> target -> StatusJson.writeIndented(report, target);
            case TEXT ->
                ControlAnswer.of(StatusText.render(
                        report, new StatusText.Options(request.all(), request.color(), home::forPeople), now));
        };
    }
}
