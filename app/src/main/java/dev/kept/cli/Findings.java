package dev.kept.cli;

import dev.kept.status.HumanWords;

/** What the doctor found, said line by line. */
final class Findings {
    private final Surroundings surroundings;
    private boolean needPerson;

    Findings(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    /** Whether anything is wrong that a person should mend. */
    boolean needPerson() {
        return needPerson;
    }

    void well(String what) {
        say(surroundings.style().good("ok") + "  ", what);
    }

    /** Worth knowing, and nothing to mend. */
    void note(String what) {
        say("–   ", what);
    }

    void ill(String what, String message, String remedy) {
        needPerson = true;
        say(surroundings.style().bad("!!") + "  ", what + ": " + message);
        say("    → ", remedy);
    }

    void detail(String what) {
        say("    ", what);
    }

    private void say(String mark, String text) {
        surroundings.out().println(mark + HumanWords.harmless(text.replace('\n', ' ')));
    }
}
