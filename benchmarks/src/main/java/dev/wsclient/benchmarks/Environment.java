package dev.wsclient.benchmarks;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Where the figures come from.
 */
final class Environment {

	private Environment() {
	}

	static Map<String, String> describe() {
		Map<String, String> facts = new LinkedHashMap<>();
		facts.put("date", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
		facts.put("processor", processor());
		facts.put("processors", String.valueOf(Runtime.getRuntime().availableProcessors()));
		facts.put("system", System.getProperty("os.name") + " " + System.getProperty("os.version"));
		facts.put("java", System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version"));
		facts.put("load at the start",
				String.format("%.1f", ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage()));
		return facts;
	}

	private static String processor() {
		Path info = Path.of("/proc/cpuinfo");
		try {
			return Files.exists(info) ? Files.readAllLines(info)
				.stream()
				.filter((line) -> line.startsWith("model name"))
				.map((line) -> line.substring(line.indexOf(':') + 1).trim())
				.findFirst()
				.orElse("unknown") : System.getProperty("os.arch");
		}
		catch (IOException ex) {
			return "unknown";
		}
	}

}
