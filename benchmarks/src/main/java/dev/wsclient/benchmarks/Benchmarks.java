package dev.wsclient.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

import dev.wsclient.benchmarks.client.ClientKind;

/**
 * Measures the clients beside each other: each client does each workload in a fresh JVM,
 * and in each round in another order, so that what else the machine does meets all alike.
 * Writes {@code results.json}, {@code report.md} and charts after each workload.
 */
public final class Benchmarks {

	private final Options options;

	private final Results results = new Results();

	private final Map<String, String> environment = Environment.describe();

	Benchmarks(Options options) {
		this.options = options;
	}

	/**
	 * Measures.
	 * @param args see {@link Options#USAGE}
	 * @throws Exception if a result can't be written
	 */
	public static void main(String[] args) throws Exception {
		Options options = Options.parse(List.of(args));
		Files.createDirectories(options.out());
		Benchmarks benchmarks = new Benchmarks(options);
		benchmarks.run();
		if (!options.jmh().isEmpty()) {
			Microbenchmarks.run(options.jmh(), options.out());
		}
	}

	void run() throws IOException, InterruptedException {
		for (Options.Pinning pinning : this.options.pinnings()) {
			try (Jvms jvms = new Jvms(pinning, this.options.out())) {
				for (Workload workload : this.options.workloads()) {
					run(jvms, pinning, workload);
					write();
				}
			}
		}
	}

	private void run(Jvms jvms, Options.Pinning pinning, Workload workload) throws IOException, InterruptedException {
		List<ClientKind> order = new ArrayList<>(this.options.clients());
		for (int round = 1; round <= this.options.rounds(); round++) {
			for (ClientKind client : List.copyOf(order)) {
				if (!run(jvms, pinning, workload, client, round)) {
					order.remove(client);
				}
			}
			Collections.rotate(order, order.size() / 2 + 1);
		}
	}

	/**
	 * Returns whether the client can do the workload.
	 */
	private boolean run(Jvms jvms, Options.Pinning pinning, Workload workload, ClientKind client, int round)
			throws InterruptedException {
		try {
			Map<Metric, Double> figures = jvms.run(client, workload, this.options.effort());
			System.out.println(pinning + " " + workload + " " + client + " " + round + "/" + this.options.rounds() + " "
					+ (figures.isEmpty() ? "unsupported" : figures));
			if (!figures.isEmpty()) {
				this.results.add(pinning, workload, client, round, figures);
			}
			return !figures.isEmpty();
		}
		catch (IOException ex) {
			System.out.println(ex.getMessage());
			this.results.addFailure(pinning + ", round " + round + ": " + ex.getMessage());
			return true;
		}
	}

	private void write() throws IOException {
		Path out = this.options.out();
		Files.writeString(out.resolve("report.md"), Report.of(this.results, this.environment));
		for (Options.Pinning pinning : this.options.pinnings()) {
			Files.writeString(out.resolve(pinning + ".svg"), Chart.of(this.results, pinning));
		}
		Map<String, Object> json = new LinkedHashMap<>();
		json.put("environment", this.environment);
		Map<String, String> versions = new LinkedHashMap<>();
		this.options.clients().forEach((client) -> versions.put(client.id(), client.version()));
		json.put("versions", versions);
		json.put("trials", this.results.trials());
		json.put("failures", this.results.failures());
		JsonMapper mapper = JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
		Files.writeString(out.resolve("results.json"), mapper.writeValueAsString(json));
	}

}
