package dev.kept.benchmarks;

import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * Draws {@link Growth}: two panels, sizes on a logarithmic scale; each curve on a scale of its own, told at its end.
 * Pure.
 */
final class GrowthPlot {
    private static final int WIDTH = 420;
    private static final int HEIGHT = 240;
    private static final int MARGIN = 50;
    private static final int LABELS = 130;
    private static final List<Curve> CURVES = List.of(
            new Curve("an append, ms", "#1f6fb2", 1.1, point -> point.append().cpuMs()),
            new Curve("resident, MB", "#3a8f3a", 1.6, Growth.Point::rssMb),
            new Curve("restart, ms", "#b2541f", 2.6, Growth.Point::restartMs));

    private GrowthPlot() {}

    /** @param headroom how much higher than its highest point its scale goes, so that curves lie apart */
    private record Curve(String name, String color, double headroom, ToDoubleFunction<Growth.Point> value) {}

    static String svg(List<Growth.Point> bySessions, List<Growth.Point> byEvents) {
        int panel = WIDTH + MARGIN + LABELS;
        return "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 " + 2 * panel + " " + (HEIGHT + 2 * MARGIN)
                + "\" font-family=\"sans-serif\" font-size=\"12\">\n"
                + "<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n"
                + panel(0, "known sessions", bySessions)
                + panel(panel, "events in the recorded session", byEvents)
                + "</svg>\n";
    }

    private static String panel(int left, String title, List<Growth.Point> points) {
        StringBuilder svg = new StringBuilder("<g transform=\"translate(" + (left + MARGIN) + "," + MARGIN + ")\">\n");
        svg.append("<text x=\"0\" y=\"-20\" font-weight=\"bold\">")
                .append(title)
                .append("</text>\n");
        svg.append("<path d=\"M0,0 V" + HEIGHT + " H" + WIDTH + "\" fill=\"none\" stroke=\"#888\"/>\n");
        for (int i = 0; i < points.size(); i++) {
            svg.append(String.format(
                    Locale.ROOT,
                    "<text x=\"%.0f\" y=\"%d\" text-anchor=\"middle\">%,d</text>%n",
                    x(i, points.size()),
                    HEIGHT + 18,
                    points.get(i).size()));
        }
        for (Curve curve : CURVES) {
            svg.append(curve(curve, points));
        }
        return svg.append("</g>\n").toString();
    }

    private static String curve(Curve curve, List<Growth.Point> points) {
        if (points.isEmpty()) {
            return "";
        }
        double most = points.stream().mapToDouble(curve.value).max().orElse(1) * curve.headroom;
        StringBuilder line = new StringBuilder();
        StringBuilder marks = new StringBuilder();
        for (int i = 0; i < points.size(); i++) {
            double value = curve.value.applyAsDouble(points.get(i));
            double x = x(i, points.size());
            double y = HEIGHT - value / most * HEIGHT;
            line.append(String.format(Locale.ROOT, "%s%.1f,%.1f", i == 0 ? "M" : " L", x, y));
            marks.append(String.format(
                    Locale.ROOT,
                    "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3\" fill=\"%s\"/><text x=\"%.1f\" y=\"%.1f\" fill=\"%s\">%s</text>%n",
                    x,
                    y,
                    curve.color,
                    i == points.size() - 1 ? x + 8 : x - 4,
                    i == points.size() - 1 ? y + 4 : y - 6,
                    curve.color,
                    label(value) + (i == points.size() - 1 ? " " + curve.name : "")));
        }
        return "<path d=\"" + line + "\" fill=\"none\" stroke=\"" + curve.color + "\" stroke-width=\"1.5\"/>\n" + marks;
    }

    private static double x(int index, int count) {
        return count == 1 ? 0 : index * (double) WIDTH / (count - 1);
    }

    private static String label(double value) {
        return String.format(Locale.ROOT, value < 10 ? "%.1f" : "%,.0f", value);
    }
}
