package dev.kept.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kept.testing.Generator;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SafeIdTest {
    private static final String FORM = "[A-Za-z0-9_][A-Za-z0-9._-]{0,127}";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "7d3f1c52-0000-4000-8000-000000000001",
                "main",
                "a",
                "_a",
                "9",
                "agent-a1b2.c_d",
                "a..b",
                "id-17a793d414094ffabbdd9429919f05f5"
            })
    void anIdOfTheFormIsUsedAsItIs(String id) {
        assertThat(SafeId.of(id)).isSameAs(id);
    }

    @Test
    void anIdOf128CharactersIsUsedAsItIsAndALongerOneIsNot() {
        String longest = "a".repeat(128);
        assertThat(SafeId.of(longest)).isSameAs(longest);
        assertThat(SafeId.of(longest + "a")).startsWith("id-").hasSize(35);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "-rf",
                "--help",
                ".hidden",
                "..",
                "../../etc/passwd",
                "a/b",
                "$(id)",
                "`id`",
                "a;b",
                "a b",
                "a\nb",
                "a'b",
                "a\"b",
                "a\\b",
                "*",
                "~",
                "!!",
                "a=b",
                "\u001b]0;x\u0007",
                "a\u0000b",
                "\u202Eid",
                "\u009B31m",
                "a\uD800b",
                "\uDB40\uDC41",
                "ａｂｃ",
                "é"
            })
    void anyOtherIdHasADerivedOne(String id) {
        assertThat(SafeId.isSafe(id)).isFalse();
        assertThat(SafeId.of(id)).matches("id-[0-9a-f]{32}");
    }

    @Test
    void theDerivedIdIsTheSameInEveryVersion() {
        assertThat(SafeId.of("$(id)")).isEqualTo("id-cbaa73c07c667e11f4af8230c433f927");
    }

    @Test
    void idsThatDifferInHalfASurrogatePairHaveOtherDerivedOnes() {
        assertThat(SafeId.of("a\uD800")).isNotEqualTo(SafeId.of("a\uD801")).isNotEqualTo(SafeId.of("a?"));
    }

    @Test
    void whateverAFileHoldsTheIdIsSafeStableAndItsOwnDerivedOne() {
        Set<String> from = new HashSet<>();
        Set<String> derived = new HashSet<>();
        Generator.forSeeds(500, random -> {
            StringBuilder id = new StringBuilder();
            int length = random.oneIn(10) ? random.between(120, 140) : random.between(0, 12);
            for (int i = 0; i < length; i++) {
                char any = (char) random.below(0x10000);
                id.append(random.oneIn(3) ? any : "aZ0-._$`'\n/".charAt(random.below(11)));
            }
            String text = id.toString();
            String safe = SafeId.of(text);
            assertThat(safe).matches(FORM);
            assertThat(SafeId.of(safe)).isEqualTo(safe);
            assertThat(SafeId.of(new String(text.toCharArray()))).isEqualTo(safe);
            assertThat(safe.equals(text)).isEqualTo(text.matches(FORM));
            from.add(text);
            derived.add(safe);
        });
        assertThat(derived).hasSameSizeAs(from);
    }
}
