package dev.kept.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kept.testing.Generator;
import dev.kept.text.TerminalStream.Control;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TerminalStreamTest {
    private final ByteArrayOutputStream target = new ByteArrayOutputStream();

    private String printed() {
        return target.toString(StandardCharsets.UTF_8);
    }

    private static String shown(String text, boolean colors) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        TerminalStream stream = TerminalStream.to(bytes, false, colors);
        stream.print(text);
        stream.close();
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\u0000",
                "\u0007",
                "\b",
                "\r",
                "\u001b",
                "\u007F",
                "\u0085",
                "\u009B",
                "\u009D",
                "\u00AD",
                "\u061C",
                "\u200B",
                "\u200E",
                "\u200F",
                "\u202A",
                "\u202E",
                "\u2060",
                "\u2066",
                "\u2069",
                "\u2028",
                "\u2029",
                "\uFEFF",
                "\uDB40\uDC01",
                "\uDB40\uDC41",
                "\uDB40\uDC02",
                "\uD800",
                "\uDC00"
            })
    void whatDrivesATerminalIsReplaced(String driving) {
        for (boolean colors : new boolean[] {false, true}) {
            assertThat(shown("a" + driving + "b\n", colors)).matches("a[\uFFFD?]b\n");
        }
        assertThat(TerminalText.line("a" + driving + "b")).isEqualTo("a\uFFFDb");
        assertThat(TerminalText.isHarmless("a" + driving + "b")).isFalse();
    }

    @Test
    void writingIsShownAsItIs() {
        String writing = "Zürich\t日本 שלום مرحبا 👩\u200D👩\u200D👧 ❤\uFE0F e\u0301\n";
        assertThat(shown(writing, false)).isEqualTo(writing);
    }

    @Test
    void aLineHasNoLineEndsAndNoTabs() {
        assertThat(TerminalText.line("a\nb\tc")).isEqualTo("a\uFFFDb\uFFFDc");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\u001b[1mx\u001b[0m", "\u001b[1;36mx\u001b[0m", "\u001b[mx", "\u001b[21m\u001b[39mx"})
    void wordsAreSetOffOnlyWhereColorsAreWanted(String emphasis) {
        assertThat(shown(emphasis, true)).isEqualTo(emphasis);
        assertThat(shown(emphasis, false)).doesNotContain("\u001b").contains("x");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\u001b[8mx",
                "\u001b[30mx",
                "\u001b[31;8mx",
                "\u001b[2Jx",
                "\u001b[Hx",
                "\u001b]0;tx",
                "\u001b[?1049hx",
                "\u001b[38;5;0mx",
                "\u001bcx",
                "\u001b[5mx",
                "\u001b\u001b[1",
                "\u001b[1111111111111111111mx"
            })
    void noOtherSequenceGetsThrough(String sequence) {
        assertThat(shown(sequence, true)).doesNotContain("\u001b");
    }

    @Test
    void thePiecesInWhichBytesComeChangeNothing() {
        Generator.forSeeds(300, random -> {
            byte[] bytes = new byte[random.below(60)];
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] =
                        (byte) (random.oneIn(2) ? random.below(256) : "\u001b[1m;\u00E2\u0080".charAt(random.below(7)));
            }
            boolean colors = random.oneIn(2);
            try {
                ByteArrayOutputStream whole = new ByteArrayOutputStream();
                try (OutputStream out = TerminalStream.filtered(whole, colors)) {
                    out.write(bytes);
                }
                ByteArrayOutputStream pieces = new ByteArrayOutputStream();
                try (OutputStream out = TerminalStream.filtered(pieces, colors)) {
                    for (int at = 0; at < bytes.length; ) {
                        int next = Math.min(bytes.length, at + 1 + random.below(5));
                        out.write(bytes, at, next - at);
                        at = next;
                    }
                }
                String text = whole.toString(StandardCharsets.UTF_8);
                assertThat(pieces.toString(StandardCharsets.UTF_8)).isEqualTo(text);
                assertThat(text.replaceAll("\u001b\\[[0-9;]*m", "").codePoints())
                        .noneMatch(c -> c != '\n' && c != '\t' && TerminalText.drives(c));
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
    }

    @Test
    void everyWayToPrintGoesThroughIt() throws IOException {
        TerminalStream stream = TerminalStream.to(target, false, false);
        stream.println("\u001b1");
        stream.print('\u001b');
        stream.printf("%s", "\u001b2");
        stream.append("\u001b3").append('\u001b');
        stream.write("\u001b4".getBytes(StandardCharsets.UTF_8));
        stream.write(0x1B);
        PrintWriter writer = new PrintWriter(stream, true, StandardCharsets.UTF_8);
        writer.println("\u001b5");
        new IllegalStateException("\u001b6").printStackTrace(stream);
        stream.flush();
        assertThat(printed()).doesNotContain("\u001b").contains("1", "2", "3", "4", "5", "6");
    }

    @Test
    void aProgramGetsWhatBelongsToWritingAndNothingThatATerminalObeys() {
        TerminalStream stream = TerminalStream.to(target, false, false);
        String england = "🏴\uDB40\uDC67\uDB40\uDC62\uDB40\uDC65\uDB40\uDC6E\uDB40\uDC67\uDB40\uDC7F";
        stream.printData("a\u00ADb\u200F" + england + "\n");
        stream.printData("\u202E\u009B\u001b[1m\u2028\uDB40\uDC41");
        stream.print("\u00AD");
        stream.flush();
        assertThat(printed()).isEqualTo("a\u00ADb\u200F" + england + "\n\uFFFD\uFFFD\uFFFD[1m\uFFFD\uFFFD\uFFFD");
    }

    @Test
    void keptItselfMovesTheCursor() {
        TerminalStream stream = TerminalStream.to(target, false, false);
        stream.control(Control.LINE_START);
        stream.print("a");
        stream.control(Control.CLEAR_LINE);
        stream.flush();
        assertThat(printed()).isEqualTo("\ra\u001b[K");
    }

    private static OutputStream failingWith(String reason) {
        return new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException(reason);
            }
        };
    }

    @Test
    void aTextThatCannotBeWrittenIsAFailureUnlessItsReaderLeft() {
        TerminalStream full = TerminalStream.to(failingWith("No space left on device"), false, false);
        assertThat(full.failure()).isEmpty();
        full.println("x");
        full.println("y");
        assertThat(full.failure()).hasValue("No space left on device");

        TerminalStream left = TerminalStream.to(failingWith("Broken pipe"), true, false);
        left.println("x");
        assertThat(left.checkError()).isTrue();
        assertThat(left.failure()).isEmpty();
    }
}
