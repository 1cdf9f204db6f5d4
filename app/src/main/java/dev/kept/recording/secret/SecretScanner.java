package dev.kept.recording.secret;

import dev.kept.recording.secret.rule.SecretMatch;
import dev.kept.recording.secret.rule.SecretRules;
import dev.kept.recording.secret.text.NearbyText;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Scanner for secrets in a text, in one pass: an automaton finds the words that they begin with or are next to, and
 * only there does a rule look closer. Stateless and thread-safe; a text without secrets allocates nothing (so the loops
 * have no iterators).
 */
public final class SecretScanner {
    private static final Anchors ANCHORS = new Anchors(SecretRules.ALL);

    private SecretScanner() {}

    /** Returns the secrets of a text, in order; they do not overlap. */
    public static List<SecretMatch> find(CharSequence text) {
        return find(text, 0, false);
    }

    /**
     * Returns the secrets that begin at or after an index.
     *
     * @param from the index before which the text is only context
     * @param cut whether the text is the beginning of a longer one; then the beginning of a secret at its end counts
     */
    static List<SecretMatch> find(CharSequence text, int from, boolean cut) {
        List<SecretMatch> known = List.of();
        List<SecretMatch> general = List.of();
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
                    if (anchor.matches(string, i)) {
                        List<SecretMatch> matches = anchor.rule().at(text, i - anchor.length(), i, cut);
                        if (!matches.isEmpty() && anchor.rule().isGeneral()) {
                            general = added(general, outsideMarkers(text, matches), from);
                        } else if (!matches.isEmpty()) {
                            known = added(known, matches, from);
                        }
                    }
                }
            }
        }
        return general.isEmpty() ? known : merged(known, general);
    }

    /** Removes matches inside the markers of secrets that were replaced before. */
    private static List<SecretMatch> outsideMarkers(CharSequence text, List<SecretMatch> matches) {
        return matches.stream()
                .filter(match -> !NearbyText.isInMarker(text, match.start()))
                .toList();
    }

    /** Adds the matches that begin at or after an index and after the last one; a documented example is none. */
    private static List<SecretMatch> added(List<SecretMatch> found, List<SecretMatch> matches, int from) {
        List<SecretMatch> all = found;
        for (int m = 0; m < matches.size(); m++) {
            SecretMatch match = matches.get(m);
            int behind = all.isEmpty() ? from : all.getLast().end();
            if (match.start() >= behind && !DocumentedExamples.isOne(match.secret())) {
                all = all.isEmpty() ? new ArrayList<>() : all;
                all.add(match);
            }
        }
        return all;
    }

    /** Merges both lists in order, without matches of the second that overlap one of the first. */
    private static List<SecretMatch> merged(List<SecretMatch> known, List<SecretMatch> general) {
        List<SecretMatch> all = new ArrayList<>(known);
        int at = 0;
        for (SecretMatch match : general) {
            while (at < known.size() && known.get(at).end() <= match.start()) {
                at++;
            }
            if (at == known.size() || known.get(at).start() >= match.end()) {
                all.add(match);
            }
        }
        all.sort(Comparator.comparingInt(SecretMatch::start));
        return all;
    }
}
