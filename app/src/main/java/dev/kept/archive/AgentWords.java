package dev.kept.archive;

import dev.kept.config.KeptHome;
import java.util.stream.Collectors;

/** Sentences about stores of agents, for people; the same for {@code status} and {@code doctor}. */
public final class AgentWords {
    private AgentWords() {}

    /** Returns one sentence about an agent's stores. */
    public static String of(AgentSurvey.Found found, KeptHome home) {
        String state = switch (found.state()) {
            case FOLLOWED -> "present, followed";
            case NOT_FOLLOWED -> "present, not followed: the environment names another place";
            case SWITCHED_OFF -> "present, not followed: config.yaml says so";
            case NOT_READ -> "present, not read by this version";
        };
        return found.agent() + ": " + state + " ("
                + found.places().stream()
                        .map(place -> home.forPeople(place.path()) + ", " + place.what())
                        .collect(Collectors.joining("; "))
                + ")";
    }

    /** Returns one sentence about an unknown entry. */
    public static String of(AgentSurvey.Stranger stranger, KeptHome home) {
        return stranger.agent() + ": " + home.forPeople(stranger.path())
                + " is not known to this version, and may hold conversations";
    }
}
