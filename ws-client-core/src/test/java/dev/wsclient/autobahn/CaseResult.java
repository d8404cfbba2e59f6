package dev.wsclient.autobahn;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What the suite says of one case.
 *
 * @param behavior whether the client did what the case asks for
 * @param behaviorClose whether it closed as the case asks for
 */
record CaseResult(String behavior, String behaviorClose) {

	private static final Pattern ENTRY = Pattern
		.compile("\"([0-9.]+)\": \\{\\s*\"behavior\": \"([^\"]*)\",\\s*\"behaviorClose\": \"([^\"]*)\"");

	/**
	 * Reads the committed outcomes.
	 * @param lines case, behaviour and closing behaviour in each line
	 * @return the outcomes by case
	 */
	static Map<String, CaseResult> parseExpected(Stream<String> lines) {
		Map<String, CaseResult> results = new LinkedHashMap<>();
		lines.filter((line) -> !line.startsWith("#"))
			.map((line) -> line.split(" "))
			.forEach((columns) -> results.put(columns[0], new CaseResult(columns[1], columns[2])));
		return results;
	}

	/**
	 * Reads the suite's report of one agent.
	 * @param json the report
	 * @return the results by case
	 */
	static Map<String, CaseResult> parseReport(String json) {
		Map<String, CaseResult> results = new LinkedHashMap<>();
		Matcher matcher = ENTRY.matcher(json);
		while (matcher.find()) {
			results.put(matcher.group(1), new CaseResult(matcher.group(2), matcher.group(3)));
		}
		return results;
	}

}
