package dev.kept.recording.secret;

import java.util.ArrayList;
import java.util.List;

/**
 * Finds secrets of known forms in a text, in one pass: an automaton looks for the words that they begin with or stand
 * beside, and only where one is met does a rule look closer. Stateless and thread-safe; what holds no secret costs no memory
 * (so the loops have no iterators).
 */
public final class SecretScanner {
    private static final Anchors ANCHORS = new Anchors(SecretRules.ALL);

    private SecretScanner() {}

    /** The secrets of a text, in their order; they do not overlap. */
    public static List<SecretMatch> find(CharSequence text) {
        return find(text, 0, false);
    }

    /**
     * The secrets that begin at or after an index.
     *
     * @param from what stands before it is only looked at for what it says about what follows
     * @param cut whether the text is the beginning of a longer one: then the beginning of a secret at its end counts
     */
    static List<SecretMatch> find(CharSequence text, int from, boolean cut) {
        List<SecretMatch> found = List.of();
        int behind = from;
        int state = Anchors.START;
        String string = text.toString();
        for (int i = 0; i < string.length(); ) {
            long walked = ANCHORS.walk(string, i, state);
            i = (int) (walked >>> Integer.SIZE);
            state = (int) walked;
            if (ANCHORS.isEnd(state)) {
                List<Anchors.Anchor> anchors = ANCHORS.ending(state);
                for (int a = 0; a < anchors.size(); a++) {
                    Anchors.Anchor anchor = anchors.get(a);
                    List<SecretMatch> matches = anchor.rule().at(text, i - anchor.length(), i, cut);
                    for (int m = 0; m < matches.size(); m++) {
                        SecretMatch match = matches.get(m);
                        if (match.start() >= behind) {
                            found = found.isEmpty() ? new ArrayList<>() : found;
                            found.add(match);
                            behind = match.end();
                        }
                    }
                }
            }
        }
        return found;
    }
}
