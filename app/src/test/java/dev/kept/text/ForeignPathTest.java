package dev.kept.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ForeignPathTest {
    @ParameterizedTest
    @ValueSource(strings = {"", "/tmp/a\u0000b", "\u0000", "/tmp/a\uD800b", "/tmp/\uDFFF"})
    void whatIsNoPathIsNone(String text) {
        assertThat(ForeignPath.of(text)).isEmpty();
        assertThat(ForeignPath.absolute(text)).isEmpty();
        assertThat(ForeignPath.below(Path.of("/tmp"), text)).isEmpty();
    }

    @Test
    void whatIsAPathIsOneHoweverOddItIs() {
        assertThat(ForeignPath.of("/tmp/$(id)\n\u001b[31m")).contains(Path.of("/tmp/$(id)\n\u001b[31m"));
        assertThat(ForeignPath.of("a")).contains(Path.of("a"));
        assertThat(ForeignPath.absolute("a")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"..", "../b", "/etc/passwd", "a/../..", ".", "a/.."})
    void nothingOutsideAFolderIsBelowIt(String text) {
        assertThat(ForeignPath.below(Path.of("/tmp/x"), text)).isEmpty();
    }

    @Test
    void aNameIsBelowItsFolder() {
        assertThat(ForeignPath.below(Path.of("/tmp/y/../x"), "a/b")).contains(Path.of("/tmp/x/a/b"));
    }
}
