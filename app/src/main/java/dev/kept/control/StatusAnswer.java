package dev.kept.control;

import dev.kept.config.KeptHome;
import dev.kept.status.StatusJson;
import dev.kept.status.StatusReport;
import dev.kept.status.StatusText;
import java.time.Instant;

/** Answers a {@link ControlRequest.Status} in the form it asks for. */
public final class StatusAnswer {
    private StatusAnswer() {}

    /** The report as it is asked for; ages in the text are those at {@code now}. */
    public static ControlAnswer of(ControlRequest.Status request, StatusReport report, KeptHome home, Instant now) {
        return switch (request.form()) {
            case JSON -> target -> StatusJson.writeIndented(report, target);
            case TEXT ->
                ControlAnswer.of(StatusText.render(
                        report, new StatusText.Options(request.all(), request.color(), home::forPeople), now));
        };
    }
}
