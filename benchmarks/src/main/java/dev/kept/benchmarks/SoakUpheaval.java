package dev.kept.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** What can become of a file otherwise than that it grows. */
enum SoakUpheaval {
    /** Its last records are cut off, in place. */
    CUT,
    /** Its last line's end is cut off, in place. */
    CUT_LINE_END,
    /** It is written anew in place, without one of its records. */
    DROP_ONE,
    /** A few bytes of it are changed in place. */
    SAME_SIZE,
    /** Another file with the same records takes its place. */
    REPLACE,
    /** Another file without its last records takes its place. */
    REPLACE_SHORTER,
    /** It is deleted. */
    DELETE,
    /** Its agent moves it to the archive. */
    ARCHIVE,
    /** Its agent moves it to the archive, packed. */
    PACK,
    /** The person goes back, and the conversation goes on in another file. */
    GO_BACK,
    /** Another session takes its records along. */
    FORK;

    /**
     * One that may become of that file now.
     *
     * @param wild whether the file is changed before all of it is on tape
     */
    static SoakUpheaval any(SoakAgent agent, SoakFile file, boolean wild, Random random) {
        List<SoakUpheaval> possible = new ArrayList<>(List.of(REPLACE, DELETE));
        if (agent.mayBeCut() && file.size() > 6) {
            possible.addAll(List.of(CUT, DROP_ONE, REPLACE_SHORTER, SAME_SIZE));
        }
        switch (agent) {
            case SoakClaude _ -> {
                possible.add(FORK);
                if (file.endsLine()) {
                    possible.add(CUT_LINE_END);
                }
            }
            case SoakCodex _ -> possible.addAll(List.of(ARCHIVE, PACK, PACK, GO_BACK));
            case SoakGemini _, SoakCopilot _ -> {}
        }
        if (wild) {
            possible.removeAll(List.of(SAME_SIZE, FORK, GO_BACK, PACK, CUT_LINE_END));
        }
        return possible.get(random.nextInt(possible.size()));
    }
}
