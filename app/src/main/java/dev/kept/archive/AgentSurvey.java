package dev.kept.archive;

import dev.kept.config.KeptConfig;
import dev.kept.provider.AgentStores;
import dev.kept.provider.Provider;
import dev.kept.provider.SourceKind;
import dev.kept.provider.TransientFile;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * The stores of agents on this machine, and whether they are followed. Known places are checked by name alone, without
 * opening anything; followed roots are listed. Made by a command, because the daemon may not look at what it does not
 * read.
 *
 * @param stores existing stores, an entry for each agent and state
 * @param strangers unknown entries of followed roots that look like stores of conversations
 */
public record AgentSurvey(List<Found> stores, List<Stranger> strangers) {
    /** A name that an agent may give to a store of conversations. */
    private static final Pattern LIKE_A_STORE = Pattern.compile(
            "(?i).*(session|chat|conversation|thread|transcript|rollout).*|.*\\.(db|sqlite3?|jsonl)(\\.zst)?");

    public AgentSurvey {
        stores = List.copyOf(stores);
        strangers = List.copyOf(strangers);
    }

    /** The state of a store. */
    public enum State {
        /** It is followed. */
        FOLLOWED,
        /** This version reads such stores, but an environment variable names another place. */
        NOT_FOLLOWED,
        /** This version reads such stores, but the configuration excludes this one. */
        SWITCHED_OFF,
        /** This version does not read it. */
        NOT_READ
    }

    /**
     * An agent's existing stores.
     *
     * @param agent the agent's display name
     * @param provider name of the provider that reads them
     */
    public record Found(String agent, Optional<String> provider, State state, List<Place> places) {
        public Found {
            places = List.copyOf(places);
        }
    }

    /**
     * A store.
     *
     * @param what description of its contents
     */
    public record Place(Path path, String what) {}

    /** An unknown entry of a followed root that may hold conversations. */
    public record Stranger(String agent, String provider, Path path) {}

    private record Key(String agent, State state) {}

    /**
     * Makes a survey.
     *
     * @param roots the followed agents and their roots
     */
    public static AgentSurvey of(
            Path home, Map<String, String> environment, Map<Provider, List<Path>> roots, KeptConfig config) {
        Map<Key, List<AgentStores.Present>> byAgent = new LinkedHashMap<>();
        List<Stranger> strangers = new ArrayList<>();
        Set<Path> followed = new TreeSet<>();
        roots.forEach((provider, paths) -> paths.forEach(root -> provider.sessionFolders()
                .forEach(folder -> followed.add(real(root).resolve(folder)))));
        for (AgentStores.Present present : AgentStores.present(home, environment)) {
            State state = present.store()
                    .reader()
                    .map(reader -> state(present.place(), reader, followed, config))
                    .orElse(State.NOT_READ);
            byAgent.computeIfAbsent(new Key(present.store().agent(), state), _ -> new ArrayList<>())
                    .add(present);
        }
        roots.forEach((provider, paths) -> paths.forEach(root -> strangers.addAll(strangers(provider, root))));
        List<Found> stores = new ArrayList<>();
        byAgent.forEach((key, of) -> stores.add(new Found(
                key.agent(),
                of.getFirst().store().reader(),
                key.state(),
                of.stream()
                        .map(each -> new Place(each.place(), each.store().what()))
                        .toList())));
        return new AgentSurvey(stores, strangers);
    }

    private static State state(Path place, String reader, Set<Path> followed, KeptConfig config) {
        Path parent = place.getParent();
        Path canonical = parent == null ? place : real(parent).resolve(place.getFileName());
        if (followed.contains(canonical)) {
            return State.FOLLOWED;
        }
        KeptConfig.ProviderSettings settings = config.provider(reader);
        return settings.enabled() && settings.roots().isEmpty() ? State.NOT_FOLLOWED : State.SWITCHED_OFF;
    }

    private static Path real(Path root) {
        try {
            return root.toRealPath();
        } catch (IOException notThere) {
            return root.toAbsolutePath().normalize();
        }
    }

    private static List<Stranger> strangers(Provider provider, Path root) {
        Set<Path> found = new TreeSet<>();
        if (Files.isDirectory(root)) {
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(root)) {
                for (Path entry : entries) {
                    Path name = entry.getFileName();
                    if (LIKE_A_STORE.matcher(name.toString()).matches()
                            && !provider.sessionFolders().contains(name)
                            && !TransientFile.matches(name)
                            && provider.recognize(name) instanceof SourceKind.Unknown) {
                        found.add(entry);
                    }
                }
            } catch (IOException | DirectoryIteratorException unreadable) {
                // Another check reports it.
            }
        }
        return found.stream()
                .map(path -> new Stranger(AgentStores.agent(provider), provider.name(), path))
                .toList();
    }
}
