package dev.wsclient.sample;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The metrics and tags of an answer of the endpoint {@code prometheus}.
 *
 * @param metrics the values by tag by metric
 */
record Scrape(Map<String, Map<String, Set<String>>> metrics) {

	private static final Pattern SAMPLE = Pattern.compile("(\\w+)(?:\\{(.*)})? \\S+");

	private static final Pattern TAG = Pattern.compile("(\\w+)=\"([^\"]*)\"");

	static Scrape of(String text) {
		Map<String, Map<String, Set<String>>> metrics = new HashMap<>();
		text.lines().map(SAMPLE::matcher).filter(Matcher::matches).forEach((sample) -> {
			Map<String, Set<String>> tags = metrics.computeIfAbsent(sample.group(1), (name) -> new HashMap<>());
			if (sample.group(2) != null) {
				TAG.matcher(sample.group(2))
					.results()
					.forEach((tag) -> tags.computeIfAbsent(tag.group(1), (name) -> new HashSet<>()).add(tag.group(2)));
			}
		});
		return new Scrape(metrics);
	}

	/**
	 * Returns the tags of a metric.
	 * @param metric the name
	 * @return the values by tag
	 */
	Map<String, Set<String>> tags(String metric) {
		return this.metrics.getOrDefault(metric, Map.of());
	}

}
