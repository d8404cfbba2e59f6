package dev.wsclient.benchmarks;

import java.util.Arrays;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import dev.wsclient.benchmarks.server.Payload;

/**
 * What a client has to do while it is measured.
 */
public enum Workload {

	/** Short text in. */
	IN_TEXT_64("in-text-64", "inbound text, 64 B", Kind.INBOUND, "/blast/text/64", 64, Budget.of(0.40).andOfLoop(1.4)),

	/** Text in. */
	IN_TEXT_1K("in-text-1k", "inbound text, 1 KiB", Kind.INBOUND, "/blast/text/1024", 1024, Budget.of(0.50)),

	/** Long text in. */
	IN_TEXT_64K("in-text-64k", "inbound text, 64 KiB", Kind.INBOUND, "/blast/text/65536", 64 * 1024, Budget.BEST),

	/** Large binary messages in. */
	IN_BINARY_1M("in-binary-1m", "inbound binary, 1 MiB", Kind.INBOUND, "/blast/binary/1048576", 1024 * 1024,
			Budget.BEST),

	/** Text beyond ASCII in. */
	IN_UTF8_1K("in-utf8-1k", "inbound text of 2-4 byte characters, 1 KiB", Kind.INBOUND, "/blast/utf8/1024", 1024,
			Budget.BEST),

	/** Compressed JSON in, with context takeover. */
	IN_DEFLATE("in-deflate", "inbound JSON, 293 B, permessage-deflate", Kind.INBOUND, "/deflate/takeover/293", 293,
			Budget.of(0.80)),

	/** Compressed JSON in, each message by itself. */
	IN_DEFLATE_ALONE("in-deflate-alone", "inbound JSON, 293 B, permessage-deflate without context takeover",
			Kind.INBOUND, "/deflate/no-takeover/293", 293, null),

	/** Short text in, over TLS. */
	IN_TLS_64("in-tls-64", "inbound text, 64 B, TLS", Kind.INBOUND, "/blast/text/64", 64, Budget.BEST),

	/** Short text out. */
	OUT_TEXT_64("out-text-64", "outbound text, 64 B", Kind.OUTBOUND, "/sink/1024", 64, Budget.of(0.20)),

	/** Text out. */
	OUT_TEXT_1K("out-text-1k", "outbound text, 1 KiB", Kind.OUTBOUND, "/sink/64", 1024, Budget.of(0.33)),

	/** One message to and fro, the next as soon as the last is back. */
	ROUND_TRIP("round-trip", "round trip, 64 B, one after the other", Kind.ROUND_TRIP, "/echo", 64, Budget.BEST),

	/** Messages to and fro at a fixed rate, timed from when they were due. */
	LATENCY("latency", "round trip, 64 B, 1,000 a second", Kind.LATENCY, "/echo", 64, Budget.BEST),

	/** Connections with nothing to do. */
	IDLE("idle", "idle connection", Kind.IDLE, "/idle", 0, Budget.BEST),

	/** 20,000 messages a second to one connection. */
	SCALE_1("scale-1", "20,000 messages a second, 64 B, to 1 connection", Kind.SCALE, "/trickle/1/20000", 1, null),

	/** As many to 10. */
	SCALE_10("scale-10", "the same to 10 connections", Kind.SCALE, "/trickle/10/20000", 10, null),

	/** As many to 100. */
	SCALE_100("scale-100", "the same to 100 connections", Kind.SCALE, "/trickle/100/20000", 100, null),

	/** As many to 1,000. */
	SCALE_1K("scale-1k", "the same to 1,000 connections", Kind.SCALE, "/trickle/1000/20000", 1000, null),

	/** As many to 10,000. */
	SCALE_10K("scale-10k", "the same to 10,000 connections", Kind.SCALE, "/trickle/10000/20000", 10_000, null);

	private final String id;

	private final String title;

	private final Kind kind;

	private final String path;

	/**
	 * The bytes of a message, or how many connections there are in {@link Kind#SCALE}.
	 */
	private final int size;

	@SuppressWarnings("ImmutableEnumChecker") // a record of numbers
	private final @Nullable Budget budget;

	Workload(String id, String title, Kind kind, String path, int size, @Nullable Budget budget) {
		this.id = id;
		this.title = title;
		this.kind = kind;
		this.path = path;
		this.size = size;
		this.budget = budget;
	}

	/**
	 * Returns the workload of a name.
	 * @param id the name
	 * @return the workload
	 * @throws IllegalArgumentException if there is none
	 */
	public static Workload of(String id) {
		return Arrays.stream(values())
			.filter((workload) -> workload.id.equals(id))
			.findFirst()
			.orElseThrow(() -> new IllegalArgumentException("There is no workload '" + id + "'; there are "
					+ Arrays.stream(values()).map(Workload::id).collect(Collectors.joining(", "))));
	}

	String id() {
		return this.id;
	}

	String title() {
		return this.title;
	}

	Kind kind() {
		return this.kind;
	}

	/**
	 * Returns what ours may cost, or {@code null} if that was not set.
	 */
	@Nullable Budget budget() {
		return this.budget;
	}

	/**
	 * Returns by what clients are compared.
	 */
	Metric metric() {
		return switch (this.kind) {
			case LATENCY -> Metric.P50;
			case IDLE -> Metric.MEMORY;
			case INBOUND, OUTBOUND, ROUND_TRIP, SCALE -> Metric.CPU;
		};
	}

	String path() {
		return this.path;
	}

	/**
	 * Returns the bytes of a message.
	 */
	int payloadSize() {
		return (this.kind == Kind.SCALE) ? 64 : this.size;
	}

	int connections() {
		return (this.kind == Kind.SCALE) ? this.size : 1;
	}

	/**
	 * Returns after how many messages the server tells that it got them.
	 */
	int acknowledged() {
		return Integer.parseInt(this.path.substring("/sink/".length()));
	}

	boolean deflate() {
		return this.path.startsWith("/deflate");
	}

	boolean tls() {
		return this == IN_TLS_64;
	}

	/**
	 * Returns the text of a message, of those that come or those that are sent.
	 */
	String text(int number) {
		if (deflate()) {
			return Payload.JSON.text(this.size, number);
		}
		return ((this == IN_UTF8_1K) ? Payload.UTF8 : Payload.ASCII).text(payloadSize(), number);
	}

	@Override
	public String toString() {
		return this.id;
	}

	/**
	 * How it is measured.
	 */
	enum Kind {

		/** The server sends as fast as it can. */
		INBOUND,

		/** The client sends as fast as it can. */
		OUTBOUND,

		/** One message goes to and fro. */
		ROUND_TRIP,

		/** Messages go to and fro at a fixed rate. */
		LATENCY,

		/** Nothing happens. */
		IDLE,

		/** The server sends at a fixed rate to many connections. */
		SCALE

	}

}
