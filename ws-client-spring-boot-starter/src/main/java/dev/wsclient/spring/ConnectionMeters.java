package dev.wsclient.spring;

import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import org.jspecify.annotations.Nullable;

import dev.wsclient.CloseStatus;
import dev.wsclient.WsCloseEvent;
import dev.wsclient.WsConnection;
import dev.wsclient.WsMessage;
import dev.wsclient.WsSnapshot;
import dev.wsclient.WsState;
import dev.wsclient.exception.WsClosedException;
import dev.wsclient.exception.WsConnectException;
import dev.wsclient.exception.WsException;
import dev.wsclient.exception.WsHandshakeException;
import dev.wsclient.exception.WsProtocolException;
import dev.wsclient.exception.WsSendException;
import dev.wsclient.exception.WsTimeoutException;
import dev.wsclient.spring.WsMeters.Tag;

/**
 * The meters of one connection. All that can be known are registered with the connection,
 * so that they can be seen at zero, and a message costs an increment of what is already
 * looked up.
 */
class ConnectionMeters implements ConnectionObserver {

	private static final List<String> RECONNECT_REASONS = List.of("requested", "refused", "closed", "network",
			"timeout", "handshake", "protocol", "other");

	private static final List<String> CLOSE_CODES = List.of("1000", "1001", "1006");

	private final MeterUses uses;

	private final String client;

	/** All meters of the connection. */
	private final Set<Meter> own = ConcurrentHashMap.newKeySet();

	/** Those whose tags are not known beforehand, by these tags. */
	private final Map<Tags, Meter> onDemand = new ConcurrentHashMap<>();

	/** Calls that succeeded, by the short names of methods. */
	private final Map<String, Timer> handlerSuccesses = new ConcurrentHashMap<>();

	/** Whether the connection was forgotten, and with it its meters. */
	private volatile boolean unbound;

	private final Traffic textIn;

	private final Traffic binaryIn;

	private final Traffic textOut;

	private final Traffic binaryOut;

	private final Counter connectSuccesses;

	private final Counter connectFailures;

	private final Counter connectRefusals;

	private final Counter unhandled;

	private final Counter filtered;

	private final Counter conflated;

	private final Timer handshakes;

	private final Timer pings;

	private final Map<WsSendException.Outcome, Counter> drops = new EnumMap<>(WsSendException.Outcome.class);

	ConnectionMeters(MeterUses uses, String client) {
		this.uses = uses;
		this.client = client;
		this.textIn = traffic("in", "text");
		this.binaryIn = traffic("in", "binary");
		this.textOut = traffic("out", "text");
		this.binaryOut = traffic("out", "binary");
		this.connectSuccesses = counter(WsMeters.CONNECTS, tags(Tag.OUTCOME, "success"));
		this.connectFailures = counter(WsMeters.CONNECTS, tags(Tag.OUTCOME, "failure"));
		this.connectRefusals = counter(WsMeters.CONNECTS, tags(Tag.OUTCOME, "refused"));
		this.unhandled = counter(WsMeters.UNHANDLED, tags());
		this.filtered = counter(WsMeters.FILTERED, tags());
		this.conflated = counter(WsMeters.CONFLATED, tags());
		this.handshakes = timer(WsMeters.HANDSHAKE, tags());
		this.pings = timer(WsMeters.PING, tags());
		for (WsSendException.Outcome outcome : WsSendException.Outcome.values()) {
			this.drops.put(outcome, counter(WsMeters.DROPS, tags(Tag.REASON, value(outcome))));
		}
		RECONNECT_REASONS.forEach(this::reconnects);
		CLOSE_CODES.forEach(this::closes);
	}

	private Traffic traffic(String direction, String type) {
		Tags tags = tags(Tag.DIRECTION, direction).and(Tag.TYPE.asString(), type);
		return new Traffic(counter(WsMeters.MESSAGES, tags), counter(WsMeters.BYTES, tags));
	}

	private @Nullable Timer handlers(HandlerMethod handler, String outcome, String error) {
		Tags tags = tags(Tag.METHOD, handler.shortName()).and(Tag.OUTCOME.asString(), outcome)
			.and(Tag.ERROR.asString(), error);
		return (Timer) onDemand(tags, () -> timer(WsMeters.HANDLER, tags));
	}

	private @Nullable Counter reconnects(String reason) {
		Tags tags = tags(Tag.REASON, reason);
		return (Counter) onDemand(tags, () -> counter(WsMeters.RECONNECTS, tags));
	}

	private @Nullable Counter closes(String code) {
		Tags tags = tags(Tag.CODE, code);
		return (Counter) onDemand(tags, () -> counter(WsMeters.CLOSES, tags));
	}

	/**
	 * Finds or makes a meter.
	 * @param tags its tags, which no other meter on demand has
	 * @param registration makes it
	 * @return the meter, or {@code null} if the connection was forgotten
	 */
	private @Nullable Meter onDemand(Tags tags, Supplier<Meter> registration) {
		Meter meter = this.onDemand.get(tags);
		if (meter == null && !this.unbound) {
			meter = registration.get();
			this.onDemand.put(tags, meter);
		}
		return meter;
	}

	private static void increment(@Nullable Counter counter) {
		if (counter != null) {
			counter.increment();
		}
	}

	private Counter counter(WsMeters meter, Tags tags) {
		return register(Counter.builder(meter.getName())
			.description(meter.description())
			.baseUnit(meter.getBaseUnit())
			.tags(tags)::register);
	}

	private Timer timer(WsMeters meter, Tags tags) {
		return register(Timer.builder(meter.getName()).description(meter.description()).tags(tags)::register);
	}

	/**
	 * Registers a meter, once for the connection, whatever a {@code MeterFilter} makes of
	 * its name and tags.
	 */
	private <M extends Meter> M register(Function<MeterRegistry, M> registration) {
		M meter = this.uses.use(registration);
		if (!this.own.add(meter) || (this.unbound && this.own.remove(meter))) {
			this.uses.release(meter);
		}
		return meter;
	}

	private Tags tags() {
		return Tags.of(Tag.CLIENT.asString(), this.client);
	}

	private Tags tags(Tag tag, String value) {
		return tags().and(tag.asString(), value);
	}

	private static String value(Enum<?> constant) {
		return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

	@Override
	public void bind(WsConnection connection) {
		for (WsState state : WsState.values()) {
			register(Gauge.builder(WsMeters.STATE.getName(), connection, (each) -> (each.state() == state) ? 1 : 0)
				.description(WsMeters.STATE.description())
				.tags(tags(Tag.STATE, value(state)))::register);
		}
		gauge(WsMeters.BUFFER, connection, WsSnapshot::queuedBytes);
		gauge(WsMeters.BUFFER_MESSAGES, connection, WsSnapshot::queuedMessages);
		gauge(WsMeters.HANDLER_QUEUE, connection, WsSnapshot::waitingCalls);
		gauge(WsMeters.PAUSED, connection, (snapshot) -> snapshot.paused() ? 1 : 0);
	}

	private void gauge(WsMeters meter, WsConnection connection, ToDoubleFunction<WsSnapshot> value) {
		register(Gauge.builder(meter.getName(), connection, (each) -> value.applyAsDouble(each.snapshot()))
			.description(meter.description())
			.baseUnit(meter.getBaseUnit())
			.tags(tags())::register);
	}

	/**
	 * Removes the meters of the connection. What comes late is no longer counted.
	 */
	@Override
	public void unbind() {
		this.unbound = true;
		for (Meter meter : this.own) {
			if (this.own.remove(meter)) {
				this.uses.release(meter);
			}
		}
	}

	@Override
	public boolean watchesMessages() {
		return true;
	}

	@Override
	public boolean watchesHandlers() {
		return true;
	}

	@Override
	public HandlerScope handlerStarted(HandlerMethod handler, WsHandlerEvent event) {
		return new TimedCall(handler);
	}

	@Override
	public void messageUnhandled() {
		this.unhandled.increment();
	}

	@Override
	public void messageFiltered() {
		this.filtered.increment();
	}

	@Override
	public void messageConflated() {
		this.conflated.increment();
	}

	@Override
	public void connectSucceeded(WsConnection connection, Duration connectTime, Duration handshakeTime) {
		this.connectSuccesses.increment();
		this.handshakes.record(handshakeTime);
	}

	@Override
	public void connectFailed(WsConnection connection, WsException error, Duration time) {
		((connection.snapshot().refusedSince() != null) ? this.connectRefusals : this.connectFailures).increment();
	}

	@Override
	public void reconnectScheduled(WsConnection connection, int attempt, Duration delay, @Nullable Throwable cause) {
		boolean refused = cause != null && connection.snapshot().refusedSince() != null;
		increment(reconnects(refused ? "refused" : reason(cause)));
	}

	private static String reason(@Nullable Throwable cause) {
		if (cause == null) {
			return "requested";
		}
		if (cause instanceof WsClosedException closed) {
			return CloseStatus.ABNORMAL.equals(closed.closeStatus()) ? "network" : "closed";
		}
		if (cause instanceof WsConnectException) {
			return "network";
		}
		if (cause instanceof WsTimeoutException) {
			return "timeout";
		}
		if (cause instanceof WsHandshakeException) {
			return "handshake";
		}
		return (cause instanceof WsProtocolException) ? "protocol" : "other";
	}

	@Override
	public void messageReceived(WsConnection connection, WsMessage.Type type, int size) {
		((type == WsMessage.Type.TEXT) ? this.textIn : this.binaryIn).add(size);
	}

	@Override
	public void messageSent(WsConnection connection, WsMessage.Type type, int size) {
		((type == WsMessage.Type.TEXT) ? this.textOut : this.binaryOut).add(size);
	}

	@Override
	public void messageNotAccepted(WsConnection connection, WsMessage.Type type, int size) {
		drop(WsSendException.Outcome.NOT_ACCEPTED);
	}

	@Override
	public void messageFailed(WsConnection connection, WsMessage.Type type, int size, WsSendException.Outcome outcome) {
		drop(outcome);
	}

	private void drop(WsSendException.Outcome outcome) {
		increment(this.drops.get(outcome));
	}

	@Override
	public void pingRoundTrip(WsConnection connection, Duration time) {
		this.pings.record(time);
	}

	@Override
	public void sessionClosed(WsConnection connection, WsCloseEvent event) {
		int code = event.status().code();
		increment(closes((code < 3000) ? Integer.toString(code) : (code / 1000) + "xxx"));
	}

	/**
	 * Times a call, without what its failure leads to.
	 */
	private final class TimedCall implements HandlerScope {

		private final long startNanos = System.nanoTime();

		private final HandlerMethod handler;

		private boolean failed;

		TimedCall(HandlerMethod handler) {
			this.handler = handler;
		}

		@Override
		public void failed(Throwable failure) {
			this.failed = true;
			record(handlers(this.handler, "error", ClassName.shortest(failure.getClass())));
		}

		@Override
		public void close() {
			if (!this.failed) {
				record(successes());
			}
		}

		private @Nullable Timer successes() {
			Timer timer = ConnectionMeters.this.handlerSuccesses.get(this.handler.shortName());
			if (timer == null) {
				timer = handlers(this.handler, "success", "none");
				if (timer != null) {
					ConnectionMeters.this.handlerSuccesses.put(this.handler.shortName(), timer);
				}
			}
			return timer;
		}

		private void record(@Nullable Timer timer) {
			if (timer != null) {
				timer.record(System.nanoTime() - this.startNanos, TimeUnit.NANOSECONDS);
			}
		}

	}

	/**
	 * Messages and bytes of one direction and type.
	 *
	 * @param messages counts messages
	 * @param bytes counts their payload
	 */
	private record Traffic(Counter messages, Counter bytes) {

		void add(int size) {
			this.messages.increment();
			this.bytes.increment(size);
		}

	}

}
