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
 * Names of fences whose content some viewer of notes executes, draws or fetches instead of showing it. A note shows
 * what was said, so such a fence is named {@value #NEUTRAL}.
 *
 * <p>Viewers recognize a name in several ways: as the first word, at a word's edge anywhere after the fence's mark, in
 * any case. So each word there counts, and anything that is not a plain word or attribute counts as an executed name.
 */
final class ExecutedFences {
    /** The name of a fence that no viewer executes. */
    static final String NEUTRAL = "text";

    /**
     * Names with a common reason.
     *
     * @param reason the reason, as the documentation gives it
     */
    record Group(String reason, Set<String> names) {}

    /** All groups; {@code docs/recordings.md} has the same table. */
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

    /** A plain info string: no entities, escapes or braces, since these can compose a name or give options. */
    private static final Pattern PLAIN = Pattern.compile("[\\p{L}\\p{M}\\p{N} \\t+#._/:,@=\"'()*;|-]*");

    private static final Pattern BETWEEN_WORDS = Pattern.compile("[^\\p{L}\\p{M}\\p{N}]+");

    private static final Pattern BETWEEN_NAMES = Pattern.compile("[\\s:,=]+");

    private ExecutedFences() {}

    private static Group group(String reason, String names) {
        return new Group(reason, new TreeSet<>(List.of(names.split(" "))));
    }

    /** Returns the text to write after a fence's mark instead of the given one: mostly the same. */
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
