package dev.kept.recording;

import dev.kept.model.ConversationEvent;
import dev.kept.model.TapeReference;
import dev.kept.provider.Provider;
import dev.kept.provider.SourceKind;
import dev.kept.recording.render.AssetFiles;
import dev.kept.recording.render.AssetText;
import dev.kept.recording.secret.EventTexts;
import dev.kept.recording.secret.MarkerKey;
import dev.kept.recording.secret.SecretScanner;
import dev.kept.replay.ReplayCursor;
import dev.kept.tape.TapeLibrary;
import dev.kept.tape.TapeManifest;
import dev.kept.tape.TapeReader;
import dev.kept.text.SafeId;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A finder for the secret that a marker replaced, for the owner of the tapes. It reads the tapes event by event, as a
 * recording does, and compares the marker of each secret that it finds. It needs no daemon, writes nothing, and holds
 * one event at a time.
 */
public final class SecretResolver {
    private static final Pattern MARKER = Pattern.compile("\\[?(?:secret:)?([a-z0-9-]+):([0-9a-f]{8})]?");

    /** Window size in characters; a quarter of it is more than the longest secret. */
    private static final int WINDOW = 128 * 1024;

    private final TapeLibrary tapes;
    private final Collection<Provider> providers;
    private final MarkerKey key;

    public SecretResolver(TapeLibrary tapes, Collection<Provider> providers, MarkerKey key) {
        this.tapes = tapes;
        this.providers = List.copyOf(providers);
        this.key = key;
    }

    /**
     * A secret that was found.
     *
     * @param text the secret itself
     * @param eventId the first event that contains it
     * @param tape the folder of the tape that holds the event
     */
    public record Found(String text, String eventId, Path tape) {}

    /**
     * Returns the marker in its recorded form for what a person typed, which may be a part of it, or contain the
     * backslashes of a heading; empty if that is no marker.
     */
    public static Optional<String> marker(String typed) {
        Matcher matcher = MARKER.matcher(typed.strip().replace("\\", ""));
        return matcher.matches()
                ? Optional.of("[secret:" + matcher.group(1) + ":" + matcher.group(2) + "]")
                : Optional.empty();
    }

    /**
     * Returns the secret of a marker; empty if no tape has it, or the marker was made with another key.
     *
     * @param marker as {@link #marker} returns it
     * @param session the beginning of a session's id; empty for all sessions
     */
    public Optional<Found> resolve(String marker, String session) throws IOException {
        for (Provider provider : providers) {
            for (Path tape : tapes.tapes(provider.name())) {
                TapeManifest manifest = manifest(tape);
                Path relative = manifest.root().relativize(manifest.path());
                if (provider.recognize(relative) instanceof SourceKind.Session kind && isOf(kind, manifest, session)) {
                    Optional<Found> found = search(marker, provider, kind, tape);
                    if (found.isPresent()) {
                        return found;
                    }
                }
            }
        }
        return Optional.empty();
    }

    private static TapeManifest manifest(Path tape) throws IOException {
        try (TapeReader reader = TapeReader.open(tape)) {
            return reader.manifest();
        }
    }

    private static boolean isOf(SourceKind.Session kind, TapeManifest manifest, String session) {
        String id = kind.sessionId().orElse(manifest.sourceId());
        return id.startsWith(session)
                || id.equals(SafeId.of(session))
                || manifest.sourceId().startsWith(session);
    }

    private Optional<Found> search(String marker, Provider provider, SourceKind.Session kind, Path tape)
            throws IOException {
        try (ReplayCursor cursor = new ReplayCursor(tape, provider, kind)) {
            for (Optional<ConversationEvent> event = cursor.peek(); event.isPresent(); event = cursor.peek()) {
                Optional<String> said = said(marker, event.get(), tape);
                if (said.isPresent()) {
                    return Optional.of(
                            new Found(said.get(), event.get().header().eventId(), tape));
                }
                cursor.consume();
            }
        }
        return Optional.empty();
    }

    private Optional<String> said(String marker, ConversationEvent event, Path tape) throws IOException {
        for (String text : EventTexts.of(event)) {
            Optional<String> said = said(marker, text);
            if (said.isPresent()) {
                return said;
            }
        }
        for (TapeReference reference : EventTexts.onTape(event)) {
            Optional<String> said = onTape(marker, reference, tape);
            if (said.isPresent()) {
                return said;
            }
        }
        return Optional.empty();
    }

    private Optional<String> said(String marker, String text) {
        return SecretScanner.find(text).stream()
                .filter(match -> key.marker(match).equals(marker))
                .findFirst()
                .map(match -> text.substring(match.start(), match.end()));
    }

    /** Searches a text that is too long for memory, in windows that overlap by more than the length of a secret. */
    private Optional<String> onTape(String marker, TapeReference reference, Path tape) throws IOException {
        try (TapeReader reader = TapeReader.open(tape)) {
            Reader in = new InputStreamReader(AssetFiles.quoted(reader, reference), StandardCharsets.UTF_8);
            StringBuilder window = new StringBuilder();
            boolean more = true;
            while (more) {
                StringBuilder piece = new StringBuilder();
                more = AssetText.read(in, piece);
                window.append(piece);
                if (window.length() > WINDOW || !more) {
                    Optional<String> said = said(marker, window.toString());
                    if (said.isPresent()) {
                        return said;
                    }
                    window.delete(0, Math.max(0, window.length() - WINDOW / 4));
                }
            }
        }
        return Optional.empty();
    }
}
