package dev.kept.cli.doctor.check;

import dev.kept.agents.Providers;
import dev.kept.archive.SessionArchive;
import dev.kept.archive.Transcripts;
import dev.kept.ingest.admission.RootLedger;
import dev.kept.ingest.source.PathGlob;
import dev.kept.json.JsonPick;
import dev.kept.json.LineStream;
import dev.kept.provider.AgentStores;
import dev.kept.provider.Provider;
import dev.kept.status.HumanReadable;
import dev.kept.tape.Tombstones;
import dev.kept.text.ForeignPath;
import dev.kept.text.SafeId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A check of the lists of prompts that agents keep beside their conversations, and longer than these; only on request.
 * They are read a line at a time, and of a line only its session, its time and its folder; nothing of them is kept or
 * shown but counts.
 */
record HistoryCheck() implements Check {
    private static final Path FILE = Path.of("history.jsonl");
    private static final int LINES_A_STEP = 1_000;

    /**
     * An agent that keeps such a list, and the form of its lines.
     *
     * @param session member with the session
     * @param time member with the time
     * @param perSecond units of that time per second
     * @param folder member with the working directory; empty if there is none
     */
    private record Form(String provider, String session, String time, long perSecond, String folder) {
        Set<String> members() {
            return Set.of(session, time, folder);
        }
    }

    private static final List<Form> FORMS = List.of(
            new Form("claude", "sessionId", "timestamp", 1_000, "project"),
            new Form("codex", "session_id", "ts", 1, ""));

    @Override
    public String id() {
        return "agents.history";
    }

    @Override
    public List<Finding> examine(Examined kept) throws IOException {
        List<Finding> findings = new ArrayList<>();
        if (!kept.histories()) {
            return findings;
        }
        Map<Provider, List<Path>> roots = kept.roots();
        for (Form form : FORMS) {
            for (Provider provider : Providers.ALL) {
                if (provider.name().equals(form.provider())) {
                    List<Path> of = roots.getOrDefault(
                            provider, provider.roots(kept.home().userHome(), kept.environment()));
                    findings.addAll(of(kept, form, provider, of));
                }
            }
        }
        if (findings.isEmpty()) {
            findings.add(Finding.ok("no agent keeps a list of prompts here"));
        }
        return findings;
    }

    private static List<Finding> of(Examined kept, Form form, Provider provider, List<Path> roots) throws IOException {
        List<Finding> findings = new ArrayList<>();
        List<Path> files = roots.stream()
                .map(root -> root.resolve(FILE))
                .filter(Files::isRegularFile)
                .toList();
        if (files.isEmpty()) {
            return findings;
        }
        Transcripts transcripts = Transcripts.of(
                provider,
                roots,
                new SessionArchive(kept.home(), Providers.ALL),
                kept.home().tapes());
        for (Path file : files) {
            Count count = new Count(kept, form, provider, file, transcripts);
            try (LineStream lines = new LineStream(Files.newInputStream(file))) {
                while (lines.next()) {
                    Optional<Map<String, String>> prompt = JsonPick.from(lines, form.members());
                    if (prompt.isPresent()) {
                        count.add(prompt.get());
                    } else if (!lines.isBlank()) {
                        count.unreadable++;
                    }
                    count.step();
                }
            }
            findings.add(count.finding());
        }
        return findings;
    }

    private static final class Count {
        private final Examined kept;
        private final Form form;
        private final Provider provider;
        private final Path file;
        private final Transcripts transcripts;
        private final List<PathGlob> excluded;
        private final Tombstones forgotten;
        private final Optional<Instant> followedSince;
        private long lines;
        private long prompts;
        private long onTape;
        private long onDisk;
        private long gone;
        private long goneSinceFollowed;
        private long unwanted;
        private long unnamed;
        private long unreadable;

        Count(Examined kept, Form form, Provider provider, Path file, Transcripts transcripts) throws IOException {
            this.kept = kept;
            this.form = form;
            this.provider = provider;
            this.file = file;
            this.transcripts = transcripts;
            this.excluded =
                    kept.config().keep().exclude().stream().map(PathGlob::new).toList();
            this.forgotten = Tombstones.open(kept.home().tapes());
            this.followedSince = new RootLedger(kept.home().tapes()).enabledAt(root());
        }

        private Path root() throws IOException {
            Path root = file.toAbsolutePath().getParent();
            return root == null ? file : root.toRealPath();
        }

        void step() {
            if (++lines % LINES_A_STEP == 0) {
                kept.step();
            }
        }

        void add(Map<String, String> prompt) throws IOException {
            prompts++;
            String named = prompt.getOrDefault(form.session(), "");
            String session = named.isEmpty() ? named : SafeId.of(named);
            if (named.isEmpty()) {
                unnamed++;
            } else if (transcripts.onTape().contains(session)) {
                onTape++;
            } else if (isUnwanted(prompt.getOrDefault(form.folder(), ""), session)) {
                unwanted++;
            } else if (transcripts.onDisk().contains(session)) {
                onDisk++;
            } else {
                gone++;
                Optional<Instant> at = time(prompt.getOrDefault(form.time(), ""));
                if (followedSince
                        .filter(since -> at.filter(since::isBefore).isPresent())
                        .isPresent()) {
                    goneSinceFollowed++;
                }
            }
        }

        private Optional<Instant> time(String units) {
            try {
                return Optional.of(Instant.ofEpochSecond((long) (Double.parseDouble(units) / form.perSecond())));
            } catch (NumberFormatException | DateTimeException noTime) {
                return Optional.empty();
            }
        }

        /** Reports whether the owner excluded the folder or had the session forgotten, as far as the line says. */
        private boolean isUnwanted(String folder, String session) throws IOException {
            Optional<Path> work = folder.isEmpty() ? Optional.empty() : ForeignPath.of(folder);
            for (Path part = work.orElse(null); part != null; part = part.getParent()) {
                Path candidate = part;
                if (excluded.stream().anyMatch(pattern -> pattern.matches(candidate))) {
                    return true;
                }
            }
            if (work.isEmpty() || forgotten.count() == 0) {
                return false;
            }
            String place = folder.replaceAll("[^A-Za-z0-9]", "-") + "/" + session + ".jsonl";
            for (Path sessions : provider.sessionFolders()) {
                Optional<Path> source = ForeignPath.below(root().resolve(sessions), place);
                if (source.filter(path -> forgotten.contains(provider.name(), path))
                        .isPresent()) {
                    return true;
                }
            }
            return false;
        }

        Finding finding() {
            String words = AgentStores.agent(provider) + ": of " + HumanReadable.count(prompts, "prompt") + " in "
                    + kept.forPeople(file) + " " + HumanReadable.grouped(gone)
                    + (gone == 1 ? " has its" : " have their") + " conversation neither on disk nor on tape; "
                    + HumanReadable.grouped(onTape) + " on tape"
                    + also(onDisk, " only on disk")
                    + also(unwanted, " left out or forgotten as you wanted")
                    + also(unnamed, " with no conversation named")
                    + also(goneSinceFollowed, " of those gone typed since Kept follows the agent")
                    + (unreadable > 0 ? "; " + HumanReadable.count(unreadable, "line") + " could not be read" : "");
            if (goneSinceFollowed > 0) {
                return Finding.problem(
                        words,
                        "see what kept status says is wrong; a conversation that comes back from a backup to where its"
                                + " agent had it is kept while Kept runs");
            }
            if (onDisk > 0) {
                return Finding.note(words, "kept start");
            }
            return gone > 0 ? Finding.note(words) : Finding.ok(words);
        }

        private static String also(long count, String words) {
            return count == 0 ? "" : ", " + HumanReadable.grouped(count) + words;
        }
    }
}
