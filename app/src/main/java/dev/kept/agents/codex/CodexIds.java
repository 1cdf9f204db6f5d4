package dev.kept.agents.codex;

import dev.kept.model.BoundedText;
import dev.kept.provider.StateReader;
import dev.kept.provider.StateWriter;
import dev.kept.provider.support.ContentIds;
import dev.kept.provider.support.RecentIds;
import java.io.IOException;

/**
 * Event ids that depend neither on time nor on session, because a fork, and a resume before 0.37, copies records into
 * another file.
 *
 * <p>Where Codex names a thing, that name is its id. Elsewhere (all prompts before 0.149), two threads that begin with
 * the same words must not share an id, so the text is hashed together with its turn. A copy repeats the ids of its
 * turns, and names the thread that it was copied from before them.
 */
final class CodexIds {
    /** Names from the model's servers are random and long; other servers number them: {@code call_0}. */
    private static final int NAMED_CHARS = 20;

    /** The number of remembered turns. A turn that is named again after more turns than that counts as a new one. */
    private static final int TURNS = 1_024;

    private final ContentIds prompts = new ContentIds();
    private String scope = "";
    private ContentIds inScope = new ContentIds();
    private final RecentIds turns = new RecentIds(TURNS);
    private String turn = "";

    /**
     * Enters the scope of the next records: a turn, or a thread and its last prompt. Equal records are counted within a
     * scope.
     */
    void enter(String place) {
        if (!place.equals(scope)) {
            scope = place;
            inScope = new ContentIds();
        }
    }

    /**
     * Enters the scope of a turn. A turn id that comes again after another turn (some programs restart their numbering)
     * gets a new scope.
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

    /**
     * Returns the id of a prompt of a thread whose turns have no ids. Equal prompts are counted within the whole
     * thread.
     */
    String ofPrompt(String thread, String text) {
        return prompts.next(thread + "\n" + text) + "/0";
    }

    /** Returns the id of something that Codex names, e.g. a call. */
    String ofName(String name, String part) {
        return name.length() >= NAMED_CHARS ? name + "/" + part : ofText(part + " " + name);
    }

    /** Returns the id of a text in the current scope. Each further occurrence of the text gets another id. */
    String ofText(String text) {
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

    /** Returns the heap that this object uses, in bytes. */
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
