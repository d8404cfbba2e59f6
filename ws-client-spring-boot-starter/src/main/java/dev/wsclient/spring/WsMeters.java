package dev.wsclient.spring;

import java.util.List;
import java.util.Locale;

import io.micrometer.common.docs.KeyName;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.docs.MeterDocumentation;
import org.jspecify.annotations.Nullable;

/**
 * The meters of a connection. All have the tag {@code client}, the name of the
 * connection.
 */
enum WsMeters implements MeterDocumentation {

	/**
	 * 1 for the state the connection is in, 0 for all others; one gauge for each
	 * {@link dev.wsclient.WsState}. Alert on {@code state="open"} being 0.
	 */
	STATE("state", "Whether the connection is in the state", Meter.Type.GAUGE, null, Tag.STATE),

	/**
	 * Attempts to connect that ended.
	 */
	CONNECTS("connects", "Attempts to connect that ended", Meter.Type.COUNTER, null, Tag.OUTCOME),

	/**
	 * Attempts that were scheduled after a failed one or the end of a session.
	 */
	RECONNECTS("reconnects", "Attempts scheduled after a failed one or the end of a session", Meter.Type.COUNTER, null,
			Tag.REASON),

	/**
	 * Opening handshakes that succeeded, without TCP and TLS.
	 */
	HANDSHAKE("handshake", "Opening handshakes that succeeded, without TCP and TLS", Meter.Type.TIMER, null),

	/**
	 * Messages received and written.
	 */
	MESSAGES("messages", "Messages received and written", Meter.Type.COUNTER, null, Tag.DIRECTION, Tag.TYPE),

	/**
	 * Payload of messages received and written.
	 */
	BYTES("bytes", "Payload of messages received and written", Meter.Type.COUNTER, "bytes", Tag.DIRECTION, Tag.TYPE),

	/**
	 * Messages received that no handler method takes.
	 */
	UNHANDLED("messages.unhandled", "Messages received that no handler method takes", Meter.Type.COUNTER, null),

	/**
	 * Messages received that a handler method takes, but its filter did not let through.
	 */
	FILTERED("messages.filtered", "Messages received that a filter did not let through to a handler method",
			Meter.Type.COUNTER, null),

	/**
	 * Messages received that were not handled because a newer one of the same key took
	 * their place ({@code dispatch.conflate}).
	 */
	CONFLATED("messages.conflated", "Messages received whose place a newer one of the same key took",
			Meter.Type.COUNTER, null),

	/**
	 * Calls of handler methods, with the conversion of their arguments. Where there are
	 * observations, they record this timer.
	 */
	HANDLER("handler", "Calls of handler methods", Meter.Type.TIMER, null, Tag.METHOD, Tag.OUTCOME, Tag.ERROR),

	/**
	 * Calls of handlers that wait for their executor.
	 */
	HANDLER_QUEUE("handler.queue", "Calls of handlers that wait for their executor", Meter.Type.GAUGE, null),

	/**
	 * 1 while the socket is not being read, because the application paused the connection
	 * or its handlers don't keep up; otherwise 0.
	 */
	PAUSED("paused", "Whether the socket is not being read", Meter.Type.GAUGE, null),

	/**
	 * Payload that waits for being written.
	 */
	BUFFER("send.buffer", "Payload that waits for being written", Meter.Type.GAUGE, "bytes"),

	/**
	 * Messages that wait for being written.
	 */
	BUFFER_MESSAGES("send.buffer.messages", "Messages that wait for being written", Meter.Type.GAUGE, null),

	/**
	 * Messages that were not written: {@code not-accepted}, {@code dropped},
	 * {@code expired} or {@code lost}.
	 */
	DROPS("drops", "Messages that were not written", Meter.Type.COUNTER, null, Tag.REASON),

	/**
	 * Time from keep-alive pings to their pongs.
	 */
	PING("ping.rtt", "Time from keep-alive pings to their pongs", Meter.Type.TIMER, null),

	/**
	 * Sessions that ended, by close code; codes of applications and frameworks as
	 * {@code 3xxx} and {@code 4xxx}.
	 */
	CLOSES("closes", "Sessions that ended", Meter.Type.COUNTER, null, Tag.CODE);

	/** Beginning of all names. */
	static final String PREFIX = "ws.client.";

	private final String meterName;

	private final String description;

	private final Meter.Type type;

	private final @Nullable String baseUnit;

	@SuppressWarnings("ImmutableEnumChecker") // made by List.of
	private final List<Tag> tags;

	WsMeters(String name, String description, Meter.Type type, @Nullable String baseUnit, Tag... tags) {
		this.meterName = PREFIX + name;
		this.description = description;
		this.type = type;
		this.baseUnit = baseUnit;
		this.tags = List.of(tags);
	}

	@Override
	public String getName() {
		return this.meterName;
	}

	/**
	 * What monitoring systems show beside the name.
	 */
	String description() {
		return this.description;
	}

	@Override
	public Meter.Type getType() {
		return this.type;
	}

	@Override
	public @Nullable String getBaseUnit() {
		return this.baseUnit;
	}

	@Override
	public KeyName[] getKeyNames() {
		return KeyName.merge(new KeyName[] { Tag.CLIENT }, this.tags.toArray(KeyName[]::new));
	}

	/**
	 * The tags of the meters; each has few values.
	 */
	enum Tag implements KeyName {

		/**
		 * Name of the connection.
		 */
		CLIENT,

		/**
		 * {@code in} or {@code out}.
		 */
		DIRECTION,

		/**
		 * {@code text} or {@code binary}.
		 */
		TYPE,

		/**
		 * {@code success} or {@code failure}; of handlers {@code success} or
		 * {@code error}.
		 */
		OUTCOME,

		/**
		 * Handler method: simple name of its class, a dot and its name.
		 */
		METHOD,

		/**
		 * Simple name of the class of what a handler threw, or {@code none}. Of a class
		 * without a name that of its superclass.
		 */
		ERROR,

		/**
		 * Why.
		 */
		REASON,

		/**
		 * State of the connection in lower case.
		 */
		STATE,

		/**
		 * Close code.
		 */
		CODE;

		@Override
		public String asString() {
			return name().toLowerCase(Locale.ROOT);
		}

	}

}
