package dev.kept.agents.codex;

import dev.kept.model.BoundedText;
import dev.kept.provider.StateReader;
import dev.kept.provider.StateWriter;
import dev.kept.provider.support.ContentIds;
import dev.kept.provider.support.RecentIds;
import java.io.IOException;

/**
 * Event ids that neither time nor session goes into, because a fork and a resume before 0.37 copy records into another file.
 *
 * <p>Where Codex names a thing, that name is its id. Where it does not (all prompts before 0.149), two threads that begin
 * with the same words must not share an id: what is said is hashed together with the turn it stands in. A copy tells its
 * turns' ids as they were, and the thread it was copied from before it.
 */
final class CodexIds {
    /** Names from the model's servers are random and long; other servers count: {@code call_0}. */
    private static final int NAMED_CHARS = 20;

    /** So many turns are remembered; one that comes again later than that is taken for a new one. */
    private static final int TURNS = 1_024;

    private final ContentIds prompts = new ContentIds();
    private String scope = "";
    private ContentIds inScope = new ContentIds();
    private final RecentIds turns = new RecentIds(TURNS);
    private String turn = "";

    /** Where the next records stand: a turn, or a thread and its last prompt. Equal records are counted inside it. */
    void enter(String place) {
        if (!place.equals(scope)) {
            scope = place;
            inScope = new ContentIds();
        }
    }

    /**
     * The same for a turn. One that comes again after another (some programs count them anew) is a place of its own.
     */
    void enterTurn(String named) {
        if (!named.equals(turn)) {
            turn = named;
            int time = 1;
            while (turns.contains(timeOf(named, time))) {
                time++;
            }
            turns.add(timeOf(named, time));
            enter(timeOf(named, time));
        }
    }

    private static String timeOf(String turn, int time) {
        return time == 1 ? turn : turn + " " + time;
    }

    /** The id of a prompt of a thread whose turns have no ids: equal ones are counted in all of the thread. */
    String prompt(String thread, String text) {
        return prompts.next(thread + "\n" + text) + "/0";
    }

    /** The id of something that Codex names, e.g. a call. */
    String named(String name, String part) {
        return name.length() >= NAMED_CHARS ? name + "/" + part : said(part + " " + name);
    }

    /** The id of what is said in the present scope, once more for each time that it is said again. */
    String said(String text) {
        return inScope.next(scope + "\n" + text) + "/0";
    }

    void save(StateWriter out) {
        out.text(scope);
        prompts.save(out);
        inScope.save(out);
        turns.save(out);
        out.text(turn);
    }

    void restore(StateReader in) throws IOException {
        scope = in.text();
        prompts.restore(in);
        inScope.restore(in);
        turns.restore(in);
        turn = in.text();
    }

    /** Bytes of heap that it takes. */
    long heldBytes() {
        return 40
                + 48
                + BoundedText.bytes(scope)
                + BoundedText.bytes(turn)
                + prompts.heldBytes()
                + inScope.heldBytes()
                + turns.heldBytes();
    }
}
