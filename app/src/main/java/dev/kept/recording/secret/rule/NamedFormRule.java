package dev.kept.recording.secret.rule;

import dev.kept.recording.secret.text.Alphabet;
import dev.kept.recording.secret.text.Assignment;
import dev.kept.recording.secret.text.NearbyText;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A rule for secrets whose form alone is not characteristic, recognized by the name of their issuer:
 * {@code algolia_key = …}.
 */
final class NamedFormRule implements SecretRule {
    private static final Alphabet NAME = Alphabet.of("0-9A-Za-z_.-");
    private static final int LONGEST_NAME = 40;

    private final Map<String, List<NamedForm>> forms = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

    NamedFormRule(List<NamedForm> forms) {
        for (NamedForm form : forms) {
            for (String word : form.words()) {
                this.forms.computeIfAbsent(word, _ -> new ArrayList<>()).add(form);
            }
        }
    }

    @Override
    public List<String> anchors() {
        return List.copyOf(forms.keySet());
    }

    @Override
    public boolean anyCase() {
        return true;
    }

    @Override
    public boolean isGeneral() {
        return true;
    }

    @Override
    public List<SecretMatch> at(CharSequence text, int from, int to, boolean cut) {
        int end = Math.min(NAME.run(text, to, LONGEST_NAME), to + LONGEST_NAME);
        int start = NAME.runBack(text, from, LONGEST_NAME);
        Optional<Assignment.Value> value = Assignment.of(text, start, end);
        if (value.isEmpty() || NearbyText.isInMarker(text, start)) {
            return List.of();
        }
        int valueStart = value.get().start();
        int valueEnd = value.get().end();
        String word = text.subSequence(from, to).toString();
        for (NamedForm form : forms.getOrDefault(word, List.of())) {
            if (form.matches(text, valueStart, valueEnd)) {
                return List.of(SecretMatch.of(form.kind(), text, valueStart, valueEnd));
            }
        }
        return List.of();
    }
}
