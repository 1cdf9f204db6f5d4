package dev.kept.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Makes random values from a seed, so that what failed once fails again. */
public final class Generator {
    private static final String[] ALPHABETS = {
        "abcdefghijklmnopqrstuvwxyz ABC 0123456789",
        "\"\\/\b\f\n\r\t{}[]:,\u0000\u001f\u007f",
        "äöüßéñ¿£¥",
        "日本語中文한국어Ωжлш\u2028\uFEFF\uFFFD"
    };
    private static final int[] ASTRAL = {0x1F600, 0x1F44D, 0x10000, 0x10FFFF, 0x2F800};

    private final Random random;

    public Generator(long seed) {
        this.random = new Random(seed);
    }

    /** Runs a property for each of the first so many seeds; a failure names its seed. */
    public static void forSeeds(int count, Consumer<Generator> property) {
        for (int seed = 1; seed <= count; seed++) {
            try {
                property.accept(new Generator(seed));
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("with seed " + seed, e);
            }
        }
    }

    /** From 0 to below the bound. */
    public int below(int bound) {
        return random.nextInt(bound);
    }

    public int between(int least, int most) {
        return least + random.nextInt(most - least + 1);
    }

    public long number() {
        return random.nextLong() >> random.nextInt(64);
    }

    public boolean oneIn(int times) {
        return random.nextInt(times) == 0;
    }

    @SafeVarargs
    public final <T> T oneOf(T... choices) {
        return choices[random.nextInt(choices.length)];
    }

    public <T> T oneOf(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    public <T> Optional<T> maybe(Supplier<T> value) {
        return random.nextBoolean() ? Optional.of(value.get()) : Optional.empty();
    }

    public <T> List<T> listOf(int most, Supplier<T> element) {
        int count = random.nextInt(most + 1);
        List<T> list = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            list.add(element.get());
        }
        return list;
    }

    public byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    /** Text of any script, with control characters and characters beyond the basic plane. */
    public String text(int mostChars) {
        int length = random.nextInt(mostChars + 1);
        StringBuilder text = new StringBuilder(length + 2);
        String alphabet = oneOf(ALPHABETS);
        while (text.length() < length) {
            if (oneIn(8)) {
                alphabet = oneOf(ALPHABETS);
            }
            if (oneIn(30)) {
                text.appendCodePoint(ASTRAL[random.nextInt(ASTRAL.length)]);
            } else {
                text.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
        }
        return text.toString();
    }

    /** The same, at times with half a surrogate pair in it, as JSON escapes can write it. */
    public String brokenText(int mostChars) {
        String text = text(mostChars);
        return oneIn(4) ? text + oneOf('\uD83D', '\uDE00') + text(3) : text;
    }
}
