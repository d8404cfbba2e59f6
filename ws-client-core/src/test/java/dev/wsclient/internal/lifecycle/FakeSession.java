package dev.wsclient.internal.lifecycle;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.net.http.HttpHeaders;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

import dev.wsclient.CloseStatus;
import dev.wsclient.WsCloseEvent.Initiator;
import dev.wsclient.WsFragment;
import dev.wsclient.WsHandshakeResponse;
import dev.wsclient.WsMessage;
import dev.wsclient.WsSession;
import dev.wsclient.exception.ErrorContext;
import dev.wsclient.exception.WsTimeoutException.Deadline;
import dev.wsclient.internal.transport.Failure;
import dev.wsclient.internal.transport.Outbound;
import dev.wsclient.internal.transport.Session;
import dev.wsclient.internal.transport.SessionEnd;
import dev.wsclient.internal.transport.SessionHandler;

/**
 * A session that remembers what the life cycle does to it and has the events that the
 * test fires. It keeps the promises of the port.
 */
final class FakeSession implements Session {

	static final Failure NETWORK_FAILURE = new Failure.Network("reset by peer", null);

	private static final HttpHeaders NO_HEADERS = HttpHeaders.of(Map.of(), (name, value) -> true);

	private final FakeScheduler scheduler;

	private final SessionHandler handler;

	private final boolean abortEndsLater;

	/**
	 * What was done to the session, as text.
	 */
	private final List<String> calls = new ArrayList<>();

	private final List<ByteBuffer> pings = new ArrayList<>();

	private final Deque<Outbound> inFlight = new ArrayDeque<>();

	private boolean writable = true;

	private boolean reading = true;

	private boolean aborted;

	private boolean ended;

	private @Nullable Failure abortFailure;

	/**
	 * The session as its messages show it; {@code null} until it is open.
	 */
	private @Nullable WsSession opened;

	FakeSession(FakeScheduler scheduler, SessionHandler handler, boolean abortEndsLater) {
		this.scheduler = scheduler;
		this.handler = handler;
		this.abortEndsLater = abortEndsLater;
	}

	@Override
	public boolean isWritable() {
		return this.writable;
	}

	@Override
	public void write(Outbound message) {
		record("write " + textOf(message));
		if (!this.ended) {
			this.inFlight.add(message);
		}
	}

	private static String textOf(Outbound message) {
		return switch (message.kind()) {
			case TEXT -> new String(message.utf8(), StandardCharsets.UTF_8);
			case BINARY, PING, PONG, TEXT_FRAGMENT, BINARY_FRAGMENT, CONTINUATION, LAST_FRAGMENT ->
				message.kind().name().toLowerCase(Locale.ROOT) + " "
						+ StandardCharsets.UTF_8.decode(message.bytes().duplicate());
			case TEXT_STREAM, BINARY_STREAM -> throw new AssertionError("a stream is written in fragments");
		};
	}

	@Override
	public void writePing(ByteBuffer payload) {
		record("writePing");
		this.pings.add(payload);
	}

	@Override
	public void flush() {
		record("flush");
	}

	@Override
	public void setReading(boolean reading) {
		record("setReading " + reading);
		this.reading = reading;
	}

	@Override
	public void close(CloseStatus status) {
		record("close " + status);
	}

	@Override
	public void abort(@Nullable Failure failure) {
		record("abort");
		if (this.ended || this.aborted) {
			return;
		}
		this.aborted = true;
		this.abortFailure = failure;
		if (!this.abortEndsLater) {
			endAborted();
		}
	}

	@Override
	public SocketAddress localAddress() {
		return address(50000, 127, 0, 0, 1);
	}

	@Override
	public SocketAddress remoteAddress() {
		return address(443, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1);
	}

	private static SocketAddress address(int port, int... address) {
		byte[] bytes = new byte[address.length];
		for (int i = 0; i < bytes.length; i++) {
			bytes[i] = (byte) address[i];
		}
		try {
			return new InetSocketAddress(InetAddress.getByAddress(bytes), port);
		}
		catch (UnknownHostException ex) {
			throw new AssertionError(ex);
		}
	}

	private void record(String call) {
		if (!this.scheduler.inEventLoop()) {
			throw new AssertionError(call + " not on the event loop");
		}
		this.calls.add(call);
	}

	// What the life cycle did

	List<String> calls() {
		return this.calls;
	}

	/**
	 * Returns what was written, and where the session was closed.
	 */
	List<String> output() {
		return this.calls.stream()
			.filter((call) -> call.startsWith("write ") || call.startsWith("close "))
			.map((call) -> call.startsWith("write ") ? call.substring("write ".length()) : call)
			.toList();
	}

	ByteBuffer newestPing() {
		return this.pings.get(this.pings.size() - 1);
	}

	int pings() {
		return this.pings.size();
	}

	boolean isReading() {
		return this.reading;
	}

	boolean isAborted() {
		return this.aborted;
	}

	boolean isEnded() {
		return this.ended;
	}

	// What the network does

	void connected() {
		fire(this.handler::onConnected);
	}

	void open() {
		fire(() -> this.opened = this.handler.onOpen(new WsHandshakeResponse(101, NO_HEADERS, null, List.of())));
	}

	void read() {
		fire(this.handler::onRead);
	}

	void text(String text) {
		fire(() -> {
			TextMessage message = new TextMessage(Objects.requireNonNull(this.opened), text);
			this.handler.onRead();
			this.handler.onMessage(message);
			message.invalidate();
		});
	}

	void fragment(String text, boolean first, boolean last) {
		fire(() -> {
			this.handler.onRead();
			this.handler.onFragment(
					new WsFragment(WsMessage.Type.TEXT, bytes(text), first, last, Objects.requireNonNull(this.opened)));
		});
	}

	void ping(String payload) {
		fire(() -> this.handler.onPing(bytes(payload)));
	}

	void pong(ByteBuffer payload) {
		fire(() -> {
			this.handler.onRead();
			this.handler.onPong(payload);
		});
	}

	private static ByteBuffer bytes(String text) {
		return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)).asReadOnlyBuffer();
	}

	void step() {
		fire(() -> this.handler.onStep(ErrorContext.Phase.TLS));
	}

	void closeDue() {
		fire(this.handler::onCloseDue);
	}

	void closing() {
		fire(this.handler::onClosing);
	}

	/**
	 * The oldest message can't be written any more.
	 */
	void lost() {
		Outbound message = this.inFlight.poll();
		if (message != null) {
			fire(() -> this.handler.onLost(message));
		}
	}

	void blockWrites() {
		this.writable = false;
	}

	void unblockWrites() {
		this.writable = true;
		fire(this.handler::onWritable);
	}

	/**
	 * The socket takes the oldest messages.
	 */
	void written(int count) {
		for (int i = 0; i < count; i++) {
			Outbound message = this.inFlight.remove();
			fire(() -> this.handler.onWritten(List.of(message)));
		}
	}

	void allWritten() {
		written(this.inFlight.size());
	}

	void endByNetwork() {
		end(new SessionEnd(CloseStatus.ABNORMAL, Initiator.NETWORK, false, NETWORK_FAILURE));
	}

	void endByServer(int code) {
		end(new SessionEnd(new CloseStatus(code, ""), Initiator.SERVER, true, null));
	}

	void endByClient() {
		end(new SessionEnd(CloseStatus.NORMAL, Initiator.CLIENT, true, null));
	}

	void endByRefusal(int statusCode) {
		endByRefusal(statusCode, NO_HEADERS);
	}

	void endByRefusal(int statusCode, String header, String value) {
		endByRefusal(statusCode, HttpHeaders.of(Map.of(header, List.of(value)), (name, each) -> true));
	}

	private void endByRefusal(int statusCode, HttpHeaders headers) {
		end(new SessionEnd(CloseStatus.ABNORMAL, Initiator.NETWORK, false,
				new Failure.Handshake("status " + statusCode, statusCode, headers, "")));
	}

	void endByViolation() {
		end(new SessionEnd(CloseStatus.PROTOCOL_ERROR, Initiator.CLIENT, false,
				new Failure.Protocol("RSV1 is set", 1002, "RFC 6455, 5.2")));
	}

	/**
	 * Ends what was aborted, with the failure it was aborted with.
	 */
	void endAborted() {
		end(new SessionEnd(CloseStatus.ABNORMAL, Initiator.CLIENT, false, this.abortFailure));
	}

	boolean isAbortedBy(Deadline deadline, Duration timeout) {
		return new Failure.Timeout(deadline, timeout).equals(this.abortFailure);
	}

	void end(SessionEnd end) {
		fire(() -> {
			this.ended = true;
			for (Outbound lost = this.inFlight.poll(); lost != null; lost = this.inFlight.poll()) {
				this.handler.onLost(lost);
			}
			this.handler.onEnd(end);
		});
	}

	/**
	 * News come on the event loop: within the task that runs there, or in one of their
	 * own.
	 */
	private void fire(Runnable event) {
		if (this.scheduler.inEventLoop()) {
			event.run();
		}
		else {
			this.scheduler.run(event);
		}
	}

}
