package dev.kept.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kept.model.SessionKey;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class SessionFamiliesTest {
    private static SessionKey key(int number) {
        return new SessionKey("codex", "session-" + number);
    }

    private static SessionFamilies chain(List<Integer> parts, int length, boolean closed) {
        SessionFamilies families = new SessionFamilies();
        for (int part : parts) {
            families.addPart(key(part), key(closed ? (part + 1) % length : part + 1));
        }
        return families;
    }

    @RepeatedTest(10)
    void theOutermostIsTheSessionInWhateverOrderItIsTold(RepetitionInfo run) {
        List<Integer> parts = new ArrayList<>(List.of(1, 2, 3, 4));
        Collections.shuffle(parts, new Random(run.getCurrentRepetition()));
        SessionFamilies families = chain(parts, 5, false);
        for (int part = 1; part <= 5; part++) {
            assertThat(families.root(key(part))).isEqualTo(key(5));
        }
        assertThat(families.root(key(6))).isEqualTo(key(6));
    }

    @RepeatedTest(10)
    void aCircleIsOneSession(RepetitionInfo run) {
        List<Integer> parts = new ArrayList<>(List.of(0, 1, 2, 3));
        Collections.shuffle(parts, new Random(run.getCurrentRepetition()));
        SessionFamilies families = chain(parts, 4, true);
        families.addPart(key(7), key(2));
        for (int part : List.of(0, 1, 2, 3, 7)) {
            assertThat(families.root(key(part))).isEqualTo(key(0));
        }
    }

    @Test
    void aSessionIsNoPartOfItselfAndTheFirstThatClaimsAPartHasIt() {
        SessionFamilies families = new SessionFamilies();
        assertThat(families.addPart(key(1), key(1))).isFalse();
        assertThat(families.addPart(key(1), key(2))).isTrue();
        assertThat(families.addPart(key(1), key(3))).isFalse();
        assertThat(families.root(key(1))).isEqualTo(key(2));
        families.markWhole(key(1));
        assertThat(families.root(key(1))).isEqualTo(key(1));
    }
}
