package dev.kept.cli.doctor.check;

import dev.kept.agents.Providers;
import dev.kept.config.HomeDisk;
import dev.kept.provider.LinkRules;
import dev.kept.provider.LinkScan;
import dev.kept.provider.Provider;
import dev.kept.text.ShellWord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** A check that the agents' folders can be read. An agent that is not installed is no problem. */
record RootsCheck() implements Check {
    @Override
    public String id() {
        return "agents.folders";
    }

    @Override
    public List<Finding> examine(Examined kept) throws IOException {
        List<Finding> findings = new ArrayList<>();
        Map<Provider, List<Path>> roots = kept.roots();
        for (Provider provider : Providers.ALL) {
            List<Path> of = roots.getOrDefault(provider, List.of());
            if (!roots.containsKey(provider)) {
                findings.add(Finding.note(provider.name() + " is not followed: config.yaml says so"));
            } else if (of.stream().noneMatch(Files::isDirectory)) {
                findings.add(Finding.note(provider.name() + " keeps nothing here yet ("
                        + String.join(", ", of.stream().map(kept::forPeople).toList()) + ")"));
            }
            for (Path root : of) {
                if (Files.isDirectory(root)) {
                    findings.addAll(root(kept, provider, root));
                }
            }
        }
        findings.addAll(links(kept, LinkRules.of(kept.home(), kept.config(), roots), roots));
        return findings;
    }

    /**
     * Returns findings on links among session files: those not followed, grouped by remedy, and the number of followed
     * ones.
     */
    private static List<Finding> links(Examined kept, LinkRules rules, Map<Provider, List<Path>> roots) {
        Map<String, List<LinkScan.Found>> refused = new LinkedHashMap<>();
        int followed = 0;
        int twice = 0;
        for (LinkScan.Found each : LinkScan.of(rules, roots)) {
            switch (each.verdict()) {
                case LinkRules.Followed _ -> followed++;
                case LinkRules.KeptAlready _ -> twice++;
                case LinkRules.Refused why ->
                    refused.computeIfAbsent(why.reason() + rules.remedy(each.provider(), why), _ -> new ArrayList<>())
                            .add(each);
            }
        }
        List<Finding> findings = new ArrayList<>();
        refused.values().forEach(links -> {
            LinkScan.Found first = links.getFirst();
            if (first.verdict() instanceof LinkRules.Refused why) {
                findings.add(Finding.problem(
                        first.provider().name() + ": the link " + kept.forPeople(first.link())
                                + (links.size() == 1 ? " is" : " and " + (links.size() - 1) + " more are")
                                + " not followed, and nothing behind is kept: "
                                + why.reason().words()
                                + why.target()
                                        .map(to -> " (" + kept.forPeople(to) + ")")
                                        .orElse(""),
                        rules.remedy(first.provider(), why)));
            }
        });
        if (followed + twice > 0) {
            findings.add(Finding.note("links among session files: " + followed + " followed, " + twice
                    + " to what is kept under its own name; see: kept follow --list"));
        }
        return findings;
    }

    private static List<Finding> root(Examined kept, Provider provider, Path root) {
        List<Finding> findings = new ArrayList<>();
        Optional<Path> unreadable = isUnreadable(root)
                ? Optional.of(root)
                : sessionFolders(provider, root)
                        .filter(RootsCheck::isUnreadable)
                        .findFirst();
        Optional<Path> noFolder = sessionFolders(provider, root)
                .filter(folder -> !Files.isDirectory(folder))
                .findFirst();
        if (unreadable.isPresent()) {
            findings.add(Finding.problem(
                    provider.name() + ": " + kept.forPeople(unreadable.get()) + " cannot be read",
                    "chmod u+rx " + ShellWord.of(unreadable.get())));
        } else if (noFolder.isPresent()) {
            findings.add(Finding.problem(
                    provider.name() + ": " + kept.forPeople(noFolder.get())
                            + " is no folder, so no session is found in it",
                    "see what stands there, and keep it; the folder is found once it is back"));
        } else {
            findings.add(Finding.ok(provider.name() + " in " + kept.forPeople(root)));
        }
        if (HomeDisk.type(root).filter(HomeDisk::isNetwork).isPresent()) {
            findings.add(Finding.note(
                    kept.forPeople(root) + " lies on a network: changes are found by looking, up to a minute late"));
        }
        return findings;
    }

    private static Stream<Path> sessionFolders(Provider provider, Path root) {
        return provider.sessionFolders().stream().map(root::resolve).filter(Files::exists);
    }

    private static boolean isUnreadable(Path path) {
        return !Files.isReadable(path) || (Files.isDirectory(path) && !Files.isExecutable(path));
    }
}
