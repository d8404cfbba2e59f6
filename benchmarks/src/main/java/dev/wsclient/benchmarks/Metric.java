package dev.wsclient.benchmarks;

/**
 * What is measured.
 */
enum Metric {

	/** Process CPU per message. */
	CPU("CPU per message", "ns"),

	/** Bytes allocated on the heap per message. */
	ALLOCATED("allocated per message", "B"),

	/** Messages a second. */
	RATE("messages a second", ""),

	/** Median time of a round trip. */
	P50("p50", "us"),

	/** Time that 99 % of the round trips stay below. */
	P99("p99", "us"),

	/** Time that 99.9 % of the round trips stay below. */
	P999("p99.9", "us"),

	/** Heap per connection. */
	HEAP("heap per connection", "B"),

	/** Growth of the process besides the heap, per connection. */
	NATIVE("native memory per connection", "B"),

	/** Heap and native memory per connection. */
	MEMORY("heap and native memory per connection", "B"),

	/** Threads for all connections. */
	THREADS("threads", ""),

	/** How many windows the warm-up took. */
	WARM_UP("windows of warm-up", "");

	private final String title;

	private final String unit;

	Metric(String title, String unit) {
		this.title = title;
		this.unit = unit;
	}

	String title() {
		return this.title;
	}

	String unit() {
		return this.unit;
	}

	/**
	 * Whether little of it is good.
	 */
	boolean lessIsBetter() {
		return this != RATE;
	}

}
