package dev.wsclient.internal.lifecycle;

import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;

import dev.wsclient.CloseStatus;
import dev.wsclient.WsConnection;
import dev.wsclient.WsState;
import dev.wsclient.options.WsOptions;

/**
 * A connection over a fake network and a clock that stands still.
 */
final class ConnectionFixture {

	final FakeScheduler scheduler = new FakeScheduler();

	final FakeTransport transport = new FakeTransport(this.scheduler);

	final RecordingListener listener = new RecordingListener();

	final FakeRegistry registry = new FakeRegistry();

	final DefaultWsConnection connection;

	ConnectionFixture() {
		this((builder) -> builder);
	}

	ConnectionFixture(UnaryOperator<WsOptions.Builder> options) {
		WsOptions.Builder builder = WsOptions.builder("ws://feed.example/v1?token=secret").name("feed");
		this.connection = new DefaultWsConnection(options.apply(builder).build(), this.listener, this.transport,
				this.scheduler, new Random(42), this.registry);
	}

	/**
	 * Brings a new connection into a state: {@link WsState#CLOSING} by the user's close,
	 * {@link WsState#BACKOFF} by a session that broke, {@link WsState#CLOSED} by a close.
	 */
	ConnectionFixture in(WsState state) {
		switch (state) {
			case IDLE -> {
			}
			case CONNECTING -> user(WsConnection::connect);
			case OPEN -> open();
			case CLOSING -> {
				open();
				user((connection) -> connection.close(CloseStatus.NORMAL));
			}
			case BACKOFF -> {
				open();
				session().endByNetwork();
			}
			case CLOSED -> user((connection) -> connection.close(CloseStatus.NORMAL));
		}
		this.listener.clear();
		return this;
	}

	/**
	 * Connects and opens a session.
	 */
	void open() {
		user(WsConnection::connect);
		openSession();
	}

	/**
	 * Lets the attempt under way succeed.
	 */
	void openSession() {
		session().connected();
		session().open();
	}

	/**
	 * Waits for the next attempt, and lets it succeed.
	 */
	void reopen() {
		awaitAttempt();
		openSession();
	}

	void awaitAttempt() {
		this.scheduler.advanceToNextTimer();
	}

	/**
	 * Calls the connection as a user does, not on the event loop, then runs the loop.
	 */
	void user(Consumer<WsConnection> call) {
		call.accept(this.connection);
		this.scheduler.runAll();
	}

	/**
	 * As {@link #user}, with the call's result.
	 */
	<T> CompletableFuture<T> stage(Function<WsConnection, CompletionStage<T>> call) {
		CompletableFuture<T> result = call.apply(this.connection).toCompletableFuture();
		this.scheduler.runAll();
		return result;
	}

	CompletableFuture<Void> send(String text) {
		return stage((connection) -> connection.send(text));
	}

	void advance(Duration duration) {
		this.scheduler.advance(duration);
	}

	FakeSession session() {
		return this.transport.newest();
	}

	WsState state() {
		return this.connection.state();
	}

	/**
	 * Remembers whether the connection is active.
	 */
	static final class FakeRegistry implements DefaultWsConnection.Registry {

		boolean closed;

		boolean active;

		@Override
		public boolean mayConnect() {
			return !this.closed;
		}

		@Override
		public void onActive(WsConnection connection) {
			this.active = true;
		}

		@Override
		public void onClosed(WsConnection connection) {
			this.active = false;
		}

	}

}
