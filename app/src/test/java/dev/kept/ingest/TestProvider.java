package dev.kept.ingest;

import dev.kept.json.JsonValue.JsonObject;
import dev.kept.model.EventHeader;
import dev.kept.provider.Provider;
import dev.kept.provider.SessionParser;
import dev.kept.provider.SourceKind;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An agent whose session files are {@code sessions/**.jsonl} below its root, and {@code *.json} that it writes whole;
 * {@code *.txt} stands beside them. A file {@code lasting-*} keeps its name when it is packed ({@code .zst}), or moved
 * to {@code archive}.
 */
final class TestProvider implements Provider {
    @Override
    public String name() {
        return "test";
    }

    @Override
    public String displayName() {
        return "Test";
    }

    @Override
    public List<Path> roots(Path home, Map<String, String> environment) {
        return List.of(home.resolve(".test"));
    }

    @Override
    public List<Path> sessionFolders() {
        return List.of(Path.of("sessions"), Path.of("archive"));
    }

    @Override
    public SourceKind recognize(Path relative) {
        String name = relative.getFileName().toString();
        if (name.endsWith(".jsonl") || (name.startsWith("lasting-") && name.endsWith(".jsonl.zst"))) {
            return new SourceKind.Session(Optional.of(name), EventHeader.MAIN_LINE);
        }
        if (name.endsWith(".json")) {
            return new SourceKind.Session(Optional.of(name), EventHeader.MAIN_LINE, SourceKind.Layout.DOCUMENT);
        }
        return name.endsWith(".txt") ? new SourceKind.Beside("a note") : new SourceKind.Unknown();
    }

    @Override
    public Optional<String> stableName(Path relative) {
        String name = relative.getFileName().toString();
        return name.startsWith("lasting-") ? Optional.of(name.substring(0, name.indexOf('.'))) : Optional.empty();
    }

    @Override
    public boolean isRecord(JsonObject value) {
        return false;
    }

    @Override
    public SessionParser parser(SourceKind.Session source) {
        throw new UnsupportedOperationException("ingest parses nothing");
    }
}
