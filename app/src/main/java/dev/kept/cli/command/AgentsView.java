package dev.kept.cli.command;

import dev.kept.agents.Providers;
import dev.kept.archive.AgentSurvey;
import dev.kept.archive.AgentWords;
import dev.kept.archive.PurgeOutlook;
import dev.kept.archive.PurgeOutlook.FileState;
import dev.kept.archive.PurgeSurvey;
import dev.kept.archive.PurgeWords;
import dev.kept.cli.terminal.CliContext;
import dev.kept.config.ConfigException;
import dev.kept.config.ConfigReader;
import dev.kept.config.KeptConfig;
import dev.kept.config.KeptHome;
import dev.kept.json.JsonWriter;
import dev.kept.provider.Provider;
import dev.kept.status.HumanReadable;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JsonGenerator;

/**
 * The part of {@code kept status} about agents: stores that are not read, and conversations that agents will delete
 * soon. The command line determines it itself, because the daemon may look only at what it follows.
 *
 * @param trouble reason why the deletions are unknown
 */
record AgentsView(
        AgentSurvey survey, List<PurgeOutlook> purges, Optional<String> trouble, CliContext context, Instant now) {
    /** Makes the view, comparing a few files at most. */
    static AgentsView of(CliContext context) {
        KeptHome home = context.home();
        KeptConfig config;
        try {
            config = ConfigReader.read(home, Providers.NAMES);
        } catch (ConfigException | IOException refused) {
            // Reported elsewhere; the default places are examined.
            config = KeptConfig.defaults();
        }
        Map<Provider, List<Path>> roots = Providers.roots(config, home, context.environment());
        Instant now = context.clock().instant();
        AgentSurvey survey = AgentSurvey.of(home.userHome(), context.environment(), roots, config);
        try {
            List<PurgeOutlook> purges = PurgeSurvey.of(home, roots, now, PurgeSurvey.Bounds.OFTEN, _ -> {});
            return new AgentsView(survey, purges, Optional.empty(), context, now);
        } catch (IOException e) {
            return new AgentsView(survey, List.of(), Optional.of(String.valueOf(e.getMessage())), context, now);
        }
    }

    /** Returns the text for people; empty if there is nothing to say. */
    String text() {
        StringBuilder text = new StringBuilder();
        List<String> stores = survey.stores().stream()
                .filter(found -> found.state() != AgentSurvey.State.FOLLOWED)
                .map(found -> AgentWords.of(found, context.home()))
                .toList();
        List<String> strangers = survey.strangers().stream()
                .map(each -> AgentWords.of(each, context.home()))
                .toList();
        add(text, "Not read", stores, strangers);
        add(
                text,
                "Before agents delete",
                purges.stream()
                        .filter(outlook -> !outlook.conversations().isEmpty() || !outlook.complete())
                        .map(outlook -> PurgeWords.of(outlook, context.home(), now))
                        .toList(),
                trouble.map(why -> "it cannot be told: " + why).stream().toList());
        return text.toString();
    }

    private void add(StringBuilder text, String heading, List<String> lines, List<String> others) {
        if (!lines.isEmpty() || !others.isEmpty()) {
            text.append('\n').append(context.style().strong(heading)).append('\n');
            lines.forEach(line ->
                    text.append("  ").append(HumanReadable.harmless(line)).append('\n'));
            others.forEach(line ->
                    text.append("  ").append(HumanReadable.harmless(line)).append('\n'));
        }
    }

    /** Returns a JSON report with the additional last member {@code agents}. */
    String in(String report) {
        int end = report.lastIndexOf('}');
        if (end < 0) {
            return report;
        }
        return report.substring(0, end).stripTrailing() + ",\n  \"agents\" : " + json().replace("\n", "\n  ") + "\n}\n";
    }

    private String json() {
        StringWriter text = new StringWriter();
        try (JsonGenerator out = JsonWriter.indented(text)) {
            out.writeStartObject();
            out.writeArrayPropertyStart("stores");
            for (AgentSurvey.Found found : survey.stores()) {
                for (AgentSurvey.Place place : found.places()) {
                    out.writeStartObject();
                    out.writeStringProperty("agent", found.agent());
                    found.provider().ifPresent(name -> out.writeStringProperty("provider", name));
                    out.writeStringProperty("state", word(found.state()));
                    out.writeStringProperty("path", place.path().toString());
                    out.writeStringProperty("holds", place.what());
                    out.writeEndObject();
                }
            }
            out.writeEndArray();
            out.writeArrayPropertyStart("unknown");
            for (AgentSurvey.Stranger stranger : survey.strangers()) {
                out.writeStartObject();
                out.writeStringProperty("agent", stranger.agent());
                out.writeStringProperty("provider", stranger.provider());
                out.writeStringProperty("path", stranger.path().toString());
                out.writeEndObject();
            }
            out.writeEndArray();
            out.writeArrayPropertyStart("purges");
            purges.forEach(outlook -> write(out, outlook));
            out.writeEndArray();
            trouble.ifPresent(why -> out.writeStringProperty("trouble", why));
            out.writeEndObject();
        }
        return text.toString();
    }

    private static void write(JsonGenerator out, PurgeOutlook outlook) {
        out.writeStartObject();
        out.writeStringProperty("agent", outlook.agent());
        out.writeStringProperty("provider", outlook.provider());
        out.writeStringProperty("root", outlook.root().toString());
        out.writeNumberProperty("afterSeconds", outlook.after().toSeconds());
        out.writeStringProperty("by", outlook.by().toString());
        out.writeBooleanProperty("whole", outlook.complete());
        out.writeNumberProperty("conversations", outlook.conversations().size());
        out.writeNumberProperty("verified", outlook.count(FileState.VERIFIED));
        out.writeNumberProperty("notCompared", outlook.count(FileState.NOT_COMPARED));
        out.writeNumberProperty("changed", outlook.count(FileState.CHANGED));
        out.writeNumberProperty("different", outlook.count(FileState.DIFFERENT));
        out.writeNumberProperty("notOnTape", outlook.count(FileState.NOT_ON_TAPE));
        out.writeNumberProperty("forgotten", outlook.count(FileState.FORGOTTEN));
        out.writeEndObject();
    }

    private static String word(AgentSurvey.State state) {
        return state.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
