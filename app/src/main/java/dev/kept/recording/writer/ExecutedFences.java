package dev.kept.recording.writer;

import java.text.Normalizer;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Names of fences whose content some viewer of notes executes, draws or fetches instead of showing it. A note shows what
 * was said: such a fence is named {@value #NEUTRAL}.
 *
 * <p>Viewers recognize a name in several ways: as the first word, at a word's edge anywhere behind the fence's mark, in any
 * case. So each word there counts, and what no plain word or attribute is counts as a name that is executed.
 */
final class ExecutedFences {
    /** The name of a fence that nobody executes. */
    static final String NEUTRAL = "text";

    /**
     * Names that have a reason in common.
     *
     * @param reason as the documentation gives it
     */
    record Group(String reason, Set<String> names) {}

    /** All of them; {@code docs/recordings.md} has the same table. */
    static final List<Group> GROUPS = List.of(
            group(
                    "diagrams with links, images and directives of their own",
                    "mermaid mmd zenuml plantuml puml uml c4plantuml c4 d2 dot gv graphviz viz nomnoml pikchr structurizr"
                            + " blockdiag seqdiag actdiag nwdiag packetdiag rackdiag ditaa dbml erd bpmn bytefield svgbob"
                            + " symbolator umlet wireviz kroki excalidraw drawio flow flowchart sequence mindmap markmap"
                            + " goat typograms railroad"),
            group(
                    "charts that load their data from an address",
                    "vega vegalite chart charts chartjs echarts plotly functionplot csvpreview wavedrom wavejson"),
            group("maps and models that load tiles and textures", "leaflet map geo geojson topojson stl"),
            group(
                    "formulas, whose \\href and \\includegraphics link and load",
                    "math katex mathjax asciimath tikz smiles"),
            group("music that is engraved and played", "abc abcjs musicxml lilypond fretboard"),
            group(
                    "programs and queries that the viewer runs",
                    "run exec eval live dataview dataviewjs datacorejs datacorejsx tasks query templater customjs"
                            + " js-engine observable ojs marimo pyodide repl button"),
            group(
                    "content that the viewer parses as Markdown or HTML, or embeds",
                    "ad admonition embed iframe video rss gallery preview cardlink tabs kanban"));

    private static final Set<String> NAMES =
            GROUPS.stream().flatMap(group -> group.names().stream()).collect(Collectors.toUnmodifiableSet());

    /** No entities, escapes and braces: with them a name is put together, or options are given. */
    private static final Pattern PLAIN = Pattern.compile("[\\p{L}\\p{M}\\p{N} \\t+#._/:,@=\"'()*;|-]*");

    private static final Pattern BETWEEN_WORDS = Pattern.compile("[^\\p{L}\\p{M}\\p{N}]+");

    private static final Pattern BETWEEN_NAMES = Pattern.compile("[\\s:,=]+");

    private ExecutedFences() {}

    private static Group group(String reason, String names) {
        return new Group(reason, new TreeSet<>(List.of(names.split(" "))));
    }

    /** Returns what may follow a fence's mark in the place of what was written there: mostly the same. */
    static String neutral(String info) {
        String plain = Normalizer.normalize(info, Normalizer.Form.NFKC).toLowerCase(Locale.ROOT);
        if (!PLAIN.matcher(plain).matches()) {
            return NEUTRAL;
        }
        boolean executed = Stream.of(BETWEEN_WORDS, BETWEEN_NAMES)
                .flatMap(between -> between.splitAsStream(plain))
                .anyMatch(NAMES::contains);
        return executed ? NEUTRAL : info;
    }
}
