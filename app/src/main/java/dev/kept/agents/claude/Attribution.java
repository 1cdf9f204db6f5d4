package dev.kept.agents.claude;

import dev.kept.model.Authorship;

/**
 * The author of a text, as far as its record says so.
 *
 * @param trust how far the record settles it; the rest is left to the beginning of the text
 */
record Attribution(Authorship authorship, Trust trust) {
    /** The weight of a record's marks beside the way its text begins ({@link MachineText}). */
    enum Trust {
        /** The client says that a person typed the text: it stays typed however it begins. */
        TYPED,
        /** A host handed the text over; hosts put texts of their own under the same marks, all with a tag of their own. */
        HOST,
        /** No mark says anything: every known beginning of machine text counts, and unknown tags do. */
        NONE
    }

    /** No person, whatever the text says; its beginning only names its kind. */
    static final Attribution NOBODY = new Attribution(Authorship.NONE, Trust.NONE);
}
