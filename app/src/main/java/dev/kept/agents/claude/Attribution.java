package dev.kept.agents.claude;

import dev.kept.model.Authorship;

/**
 * The author of a text, as far as the record's marks show.
 *
 * @param trust the weight of the marks; the beginning of the text decides the rest
 */
record Attribution(Authorship authorship, Trust trust) {
    /** The weight of a record's marks compared with the beginning of its text ({@link MachineText}). */
    enum Trust {
        /** The client states that a person typed the text: it counts as typed whatever its beginning. */
        TYPED,
        /** A host passed the text on. Hosts put their own texts under the same marks, each in a tag of its own. */
        HOST,
        /** There is no mark: every known beginning of machine text counts, and so do unknown tags. */
        NONE
    }

    /** Nobody, whatever the text says; its beginning only determines its kind. */
    static final Attribution NOBODY = new Attribution(Authorship.NONE, Trust.NONE);
}
