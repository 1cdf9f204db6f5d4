package dev.kept.cli.doctor.check;

import dev.kept.archive.AgentSurvey;
import dev.kept.archive.AgentWords;
import dev.kept.provider.AgentStores;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A check of the places where agents are known to keep conversations: which exist, and whether this version follows
 * them.
 */
record StoresCheck() implements Check {
    @Override
    public String id() {
        return "agents.stores";
    }

    @Override
    public List<Finding> examine(Examined kept) throws IOException {
        AgentSurvey survey = kept.agents();
        List<Finding> findings = new ArrayList<>();
        int followed = 0;
        for (AgentSurvey.Found found : survey.stores()) {
            String words = AgentWords.of(found, kept.home());
            switch (found.state()) {
                case FOLLOWED -> followed++;
                case NOT_FOLLOWED -> findings.add(Finding.problem(words, remedy(kept, found)));
                case SWITCHED_OFF, NOT_READ -> findings.add(Finding.note(words));
            }
        }
        survey.strangers().forEach(each -> findings.add(Finding.note(AgentWords.of(each, kept.home()))));
        findings.addFirst(Finding.ok("looked for " + AgentStores.ALL.size() + " known stores of agents; of those here "
                + followed + (followed == 1 ? " agent's is" : " agents' are") + " followed"));
        return findings;
    }

    private static String remedy(Examined kept, AgentSurvey.Found found) throws IOException {
        String provider = found.provider().orElse(found.agent());
        List<Path> roots = new ArrayList<>();
        kept.roots().forEach((each, paths) -> {
            if (each.name().equals(provider)) {
                roots.addAll(paths);
            }
        });
        found.places().stream()
                .map(place -> place.path().getParent())
                .filter(root -> root != null && !roots.contains(root))
                .forEach(roots::add);
        return "name all places of it in config.yaml (providers." + provider + ".roots: "
                + roots.stream().map(kept::forPeople).toList() + "), then: kept restart";
    }
}
