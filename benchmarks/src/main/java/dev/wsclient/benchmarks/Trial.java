package dev.wsclient.benchmarks;

import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

import org.HdrHistogram.Histogram;

import dev.wsclient.benchmarks.Meter.Sample;
import dev.wsclient.benchmarks.client.BenchmarkClient;
import dev.wsclient.benchmarks.client.BenchmarkClient.Connection;
import dev.wsclient.benchmarks.client.BenchmarkClient.Settings;
import dev.wsclient.benchmarks.client.ClientKind;

/**
 * One client doing one workload, in this JVM.
 */
final class Trial {

	/**
	 * How many messages may be on their way to the server, as a multiple of what it
	 * acknowledges at once: clients that queue without a limit get one so.
	 */
	private static final int WINDOW = 8;

	private static final int LATENCY_RATE = 1000;

	/**
	 * How many times as many windows are measured for latency, so that 99.9 % of the
	 * messages leave more than one or two.
	 */
	private static final int LATENCY_WINDOWS = 2;

	/**
	 * Connections that are opened before those that count, so that what a client makes
	 * once is not counted.
	 */
	private static final int IDLE_BEFORE = 100;

	private static final double NANOS_PER_MICRO = 1000;

	/**
	 * How often it is looked whether a window of CPU time is over.
	 */
	private static final int LOOKS = 10;

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	private final ClientKind kind;

	private final Workload workload;

	private final Target target;

	private final Effort effort;

	private final List<Traffic> traffic = new ArrayList<>();

	private final List<Connection> connections = new ArrayList<>();

	Trial(ClientKind kind, Workload workload, Target target, Effort effort) {
		this.kind = kind;
		this.workload = workload;
		this.target = target;
		this.effort = effort;
	}

	/**
	 * Runs it.
	 * @return what was measured
	 * @throws UnsupportedOperationException if the client can't do it
	 * @throws Exception if it failed
	 */
	Map<Metric, Double> run() throws Exception {
		requireSupported();
		boolean batch = this.workload.kind() == Workload.Kind.OUTBOUND;
		Settings settings = new Settings(this.workload.deflate(),
				this.workload.tls() ? this.target.certificate() : null, batch);
		BenchmarkClient client = this.kind.create(settings);
		try {
			Map<Metric, Double> result;
			if (this.workload.kind() == Workload.Kind.IDLE) {
				result = idle(client);
			}
			else {
				open(client, this.workload.connections());
				result = measure();
			}
			close();
			return result;
		}
		finally {
			client.close();
		}
	}

	private void requireSupported() {
		if (this.kind == ClientKind.LIMIT_HEADERS && this.workload.kind() != Workload.Kind.INBOUND) {
			throw new UnsupportedOperationException(this.kind + " reads no answers");
		}
		int connections = (this.workload.kind() == Workload.Kind.IDLE) ? this.effort.connections()
				: this.workload.connections();
		if (connections > this.kind.maxConnections()) {
			throw new UnsupportedOperationException(
					this.kind + " is not measured with " + connections + " connections");
		}
	}

	private URI uri() {
		return URI.create((this.workload.tls() ? "wss://localhost:" + this.target.tlsPort()
				: "ws://localhost:" + this.target.port()) + this.workload.path());
	}

	private Traffic traffic() {
		return switch (this.workload.kind()) {
			case OUTBOUND -> new Stream(this.workload.text(0), WINDOW * this.workload.acknowledged());
			case ROUND_TRIP -> new PingPong(this.workload.text(0));
			case LATENCY -> new Metronome(LATENCY_RATE, this.workload.payloadSize());
			case INBOUND, SCALE, IDLE -> new Traffic(this.workload.text(0), this.workload.payloadSize());
		};
	}

	private void open(BenchmarkClient client, int count) throws Exception {
		for (int i = 0; i < count; i++) {
			Traffic traffic = traffic();
			this.traffic.add(traffic);
			Connection connection = client.connect(uri(), traffic);
			this.connections.add(connection);
			traffic.start(connection);
		}
	}

	private void close() throws Exception {
		this.traffic.forEach(Traffic::stop);
		for (Connection connection : this.connections) {
			connection.close();
		}
	}

	private Map<Metric, Double> latency(Map<Metric, Double> result, Metronome metronome) {
		Histogram times = metronome.times();
		result.remove(Metric.RATE);
		result.put(Metric.P50, times.getValueAtPercentile(50) / NANOS_PER_MICRO);
		result.put(Metric.P99, times.getValueAtPercentile(99) / NANOS_PER_MICRO);
		result.put(Metric.P999, times.getValueAtPercentile(99.9) / NANOS_PER_MICRO);
		return result;
	}

	private Map<Metric, Double> idle(BenchmarkClient client) throws Exception {
		open(client, Math.min(IDLE_BEFORE, this.effort.connections()));
		double heap = heap();
		double resident = resident();
		open(client, this.effort.connections());
		heap = (heap() - heap) / this.effort.connections();
		double outside = (resident() - resident) / this.effort.connections();
		Map<Metric, Double> result = new EnumMap<>(Metric.class);
		result.put(Metric.HEAP, heap);
		result.put(Metric.NATIVE, outside);
		result.put(Metric.MEMORY, heap + outside);
		result.put(Metric.THREADS, (double) ManagementFactory.getThreadMXBean().getThreadCount());
		check();
		return result;
	}

	/**
	 * Returns the bytes that are alive on the heap.
	 */
	private static long heap() {
		for (int i = 0; i < 3; i++) {
			// The measurement is of what is left
			System.gc();
		}
		return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
	}

	/**
	 * Returns the bytes of memory of the process: with a heap of a fixed size that was
	 * touched before, it grows by what lies outside the heap.
	 */
	private static long resident() throws Exception {
		Path status = Path.of("/proc/self/status");
		if (!Files.exists(status)) {
			return 0;
		}
		return Files.readAllLines(status)
			.stream()
			.filter((line) -> line.startsWith("VmRSS:"))
			.mapToLong((line) -> 1024 * Long.parseLong(line.replaceAll("\\D", "")))
			.findFirst()
			.orElse(0);
	}

	private void check() {
		this.traffic.forEach(Traffic::check);
	}

	private long count() {
		long count = 0;
		for (Traffic each : this.traffic) {
			count += each.count();
		}
		return count;
	}

	private Map<Metric, Double> measure() {
		Meter meter = new Meter(this::count, this::check);
		double warmUp = warmUp(meter);
		if (this.traffic.get(0) instanceof Metronome metronome) {
			metronome.reset();
			return latency(measure(meter, warmUp, LATENCY_WINDOWS * this.effort.measured()), metronome);
		}
		return measure(meter, warmUp, this.effort.measured());
	}

	private Map<Metric, Double> measure(Meter meter, double warmUp, int windows) {
		Sample start = meter.sample();
		for (int i = 0; i < windows; i++) {
			awaitProgress(meter);
		}
		Sample used = meter.sample().since(start);
		Map<Metric, Double> result = new EnumMap<>(Metric.class);
		result.put(Metric.CPU, used.cpuPerMessage());
		result.put(Metric.ALLOCATED, used.allocatedPerMessage());
		result.put(Metric.RATE, used.messagesPerSecond());
		result.put(Metric.WARM_UP, warmUp);
		return result;
	}

	/**
	 * Goes on until the costs of a message have stopped falling.
	 * @return how many windows that took
	 */
	private double warmUp(Meter meter) {
		double best = Double.MAX_VALUE;
		int settled = 0;
		for (int i = 1; i <= this.effort.maxWarmUp(); i++) {
			double cost = awaitProgress(meter).cpuPerMessage();
			settled = (cost < Effort.FALLING * best) ? 0 : settled + 1;
			best = Math.min(best, cost);
			if (settled == Effort.SETTLED_AFTER) {
				return i;
			}
		}
		if (this.effort.maxWarmUp() > 0) {
			throw new IllegalStateException(this.kind + " at " + this.workload
					+ ": the costs of a message still fell after " + this.effort.maxWarmUp() + " windows of warm-up");
		}
		return 0;
	}

	/**
	 * Waits for a window: of CPU time where the client works as fast as it can, so that a
	 * busy machine doesn't shorten it. Paced messages leave the processor idle, so their
	 * windows are of wall-clock time, and longer: the CPU time is told in steps of 10 ms.
	 * They end by the clock, so one look will do, which costs much with 10,000
	 * connections.
	 */
	private Sample awaitProgress(Meter meter) {
		boolean paced = this.workload.kind() == Workload.Kind.LATENCY || this.workload.kind() == Workload.Kind.SCALE;
		long window = (paced ? 2 : 1) * this.effort.window().toNanos();
		Sample start = meter.sample();
		Sample used;
		boolean over;
		do {
			meter.await(paced ? window : window / LOOKS);
			used = meter.sample().since(start);
			if (used.nanos() > PATIENCE.toNanos() && used.messages() == 0) {
				throw new IllegalStateException(this.kind + " stands still at " + this.workload);
			}
			over = (paced ? used.nanos() : used.cpuNanos()) >= window || used.nanos() > PATIENCE.toNanos();
		}
		while (!over || used.messages() == 0);
		return used;
	}

}
