package dev.wsclient.benchmarks;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

import dev.wsclient.benchmarks.client.ClientKind;

/**
 * Draws the cost of a message in each workload as bars, as SVG.
 */
final class Chart {

	private static final int BAR_HEIGHT = 16;

	private static final int BARS_LEFT = 170;

	private static final int BARS_WIDTH = 480;

	private static final int WIDTH = 760;

	private final StringBuilder out = new StringBuilder();

	private int y = 10;

	private Chart() {
	}

	static String of(Results results, Options.Pinning pinning) {
		Chart chart = new Chart();
		for (Workload workload : Workload.values()) {
			chart.bars(results, pinning, workload);
		}
		return String.format(Locale.ROOT,
				"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\" font-size=\"12\">%n"
						+ "<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>%n%s</svg>%n",
				WIDTH, chart.y, chart.out);
	}

	private void bars(Results results, Options.Pinning pinning, Workload workload) {
		Metric metric = workload.metric();
		List<Bar> bars = Arrays.stream(ClientKind.values())
			.map((client) -> new Bar(client, results.median(pinning, workload, client, metric)))
			.filter((bar) -> bar.value.isPresent())
			.sorted(Comparator.comparingDouble((bar) -> bar.value.getAsDouble()))
			.toList();
		if (bars.isEmpty()) {
			return;
		}
		this.y += BAR_HEIGHT;
		text(10, "start", "<tspan font-weight=\"bold\">" + workload.title() + "</tspan>: " + metric.title() + ", "
				+ metric.unit() + ", " + pinning);
		// The slowest would make all others look alike, so long bars are cut
		double full = 4 * bars.get(bars.size() / 2).value.getAsDouble();
		bars.forEach((bar) -> draw(bar, full));
		this.y += BAR_HEIGHT;
	}

	private void draw(Bar bar, double full) {
		double value = bar.value.getAsDouble();
		int width = (int) Math.max(1, BARS_WIDTH * Math.min(1, value / full));
		String colour = switch (bar.client.role()) {
			case OURS -> "#1b7f4b";
			case PEER -> "#8a9bb0";
			case LIMIT -> "#d9d9d9";
		};
		this.y += BAR_HEIGHT + 2;
		this.out.append(String.format(Locale.ROOT, "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"%s\"/>%n",
				BARS_LEFT, this.y - BAR_HEIGHT + 4, width, BAR_HEIGHT, colour));
		text(BARS_LEFT - 6, "end", bar.client.id());
		text(BARS_LEFT + width + 6, "start", Report.figure(value) + ((value > full) ? " (bar cut)" : ""));
	}

	private void text(int x, String anchor, String text) {
		this.out.append(String.format(Locale.ROOT, "<text x=\"%d\" y=\"%d\" text-anchor=\"%s\">%s</text>%n", x, this.y,
				anchor, text));
	}

	private record Bar(ClientKind client, OptionalDouble value) {

	}

}
