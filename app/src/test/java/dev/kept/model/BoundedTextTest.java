package dev.kept.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Text that outlives its record has a limit; within it nothing changes. */
class BoundedTextTest {
    private static final String LONG = "x".repeat(200_000);

    @Test
    void textWithinItsLimitIsReturnedAsItIs() {
        String id = "a".repeat(BoundedText.MAX_ID);
        assertThat(BoundedText.id(id)).isSameAs(id);
        assertThat(BoundedText.key("short")).isEqualTo("short");
        assertThat(BoundedText.shortened("title", 5)).isEqualTo("title");
    }

    @Test
    void aLongTextEndsWithAnEllipsisAndIsNeverCutWithinACharacter() {
        assertThat(BoundedText.shortened(LONG, 10)).isEqualTo("xxxxxxxxx…");
        assertThat(BoundedText.shortened("ab\uD83D\uDE00cd", 4)).isEqualTo("ab…");
    }

    @Test
    void longIdsStayEqualAndStayDifferent() {
        assertThat(BoundedText.id(LONG + "1"))
                .isEqualTo(BoundedText.id(LONG + "1"))
                .hasSizeLessThan(256);
        assertThat(BoundedText.id(LONG + "1")).isNotEqualTo(BoundedText.id(LONG + "2"));
        assertThat(BoundedText.id(LONG + "\uD800")).isNotEqualTo(BoundedText.id(LONG + "\uD801"));
        assertThat(BoundedText.id(BoundedText.id(LONG))).isEqualTo(BoundedText.id(LONG));
        assertThat(BoundedText.key(BoundedText.key(LONG)))
                .isEqualTo(BoundedText.key(LONG))
                .hasSizeLessThan(64);
    }
}
