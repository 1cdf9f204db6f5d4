package dev.kept.recording.secret;

/** Keys that are the same at every run. */
public final class MarkerKeys {
    public static final MarkerKey ZERO = MarkerKey.of(new byte[32]);

    private MarkerKeys() {}
}
