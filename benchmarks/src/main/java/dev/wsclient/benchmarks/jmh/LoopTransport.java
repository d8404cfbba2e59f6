package dev.wsclient.benchmarks.jmh;

import java.net.SocketAddress;
import java.net.http.HttpHeaders;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

import dev.wsclient.CloseStatus;
import dev.wsclient.WsCloseEvent;
import dev.wsclient.WsHandshakeResponse;
import dev.wsclient.WsMessage;
import dev.wsclient.internal.time.Scheduler;
import dev.wsclient.internal.transport.Failure;
import dev.wsclient.internal.transport.Outbound;
import dev.wsclient.internal.transport.Session;
import dev.wsclient.internal.transport.SessionEnd;
import dev.wsclient.internal.transport.SessionHandler;
import dev.wsclient.internal.transport.Transport;
import dev.wsclient.options.WsHandshakeRequest;
import dev.wsclient.options.WsOptions;

/**
 * Brings messages to one connection without a network: the calling thread is the event
 * loop.
 */
final class LoopTransport implements Transport, Scheduler, Session {

	private static final WsHandshakeResponse RESPONSE = new WsHandshakeResponse(101,
			HttpHeaders.of(Map.of(), (name, value) -> true), null, List.of());

	private @Nullable SessionHandler handler;

	/**
	 * Lets the session open that the connection asked for.
	 */
	void open() {
		handler().onConnected();
		handler().onOpen(RESPONSE);
	}

	/**
	 * Brings a message.
	 * @param message the message
	 */
	void receive(WsMessage message) {
		handler().onMessage(message);
	}

	private SessionHandler handler() {
		return Objects.requireNonNull(this.handler);
	}

	@Override
	public Scheduler nextScheduler() {
		return this;
	}

	@Override
	public Session open(Scheduler scheduler, WsHandshakeRequest request, WsOptions options, SessionHandler handler) {
		this.handler = handler;
		return this;
	}

	@Override
	public void execute(Runnable task) {
		task.run();
	}

	@Override
	public boolean inEventLoop() {
		return true;
	}

	@Override
	public Timer schedule(Runnable task, Duration delay) {
		return () -> {
		};
	}

	@Override
	public Timer schedule(Runnable task, Duration delay, Runnable atShutdown) {
		return schedule(task, delay);
	}

	@Override
	public boolean isWritable() {
		return true;
	}

	@Override
	public void write(Outbound message) {
	}

	@Override
	public void writePing(ByteBuffer payload) {
	}

	@Override
	public void flush() {
	}

	@Override
	public void setReading(boolean reading) {
	}

	@Override
	public void close(CloseStatus status) {
		handler().onEnd(new SessionEnd(status, WsCloseEvent.Initiator.CLIENT, true, null));
	}

	@Override
	public void abort(@Nullable Failure failure) {
		close(CloseStatus.ABNORMAL);
	}

	@Override
	public @Nullable SocketAddress localAddress() {
		return null;
	}

	@Override
	public @Nullable SocketAddress remoteAddress() {
		return null;
	}

}
