package dev.wsclient.internal.lifecycle;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import dev.wsclient.WsConnection;
import dev.wsclient.WsListener;
import dev.wsclient.WsState;
import dev.wsclient.internal.listener.CallScope;
import dev.wsclient.options.WsOptions;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The rule: no wait that can't end. Whoever waits in a call of a connection for what
 * needs that call to end gets an exception.
 */
@Timeout(60)
class NoWaitThatCannotEndTests {

	private final ManualExecutor executor = new ManualExecutor();

	private final ConnectionFixture fixture = new ConnectionFixture((options) -> options.executor(this.executor));

	static List<Function<WsConnection, CompletableFuture<?>>> endless() {
		return List.of((connection) -> connection.close().toCompletableFuture(),
				(connection) -> connection.close().thenApply((closed) -> "closed").toCompletableFuture(),
				(connection) -> connection.close()
					.thenCompose((closed) -> new CompletableFuture<>())
					.toCompletableFuture(),
				(connection) -> connection.close().exceptionally((error) -> null).thenRun(() -> {
				}).toCompletableFuture(), (connection) -> connection.close().toCompletableFuture().copy(),
				(connection) -> connection.closeAfter("last").toCompletableFuture(),
				(connection) -> connection.pipeTo(connection).toCompletableFuture());
	}

	@ParameterizedTest
	@MethodSource("endless")
	void waitInACallForWhatComesAfterItThrows(Function<WsConnection, CompletableFuture<?>> stage) {
		assertThat(waitIn("onText", (connection) -> stage.apply(connection).get()))
			.isInstanceOf(IllegalStateException.class)
			.hasMessageContaining("would never end");
		assertThat(this.fixture.listener.calls()).contains("onText one", "onText two");
	}

	@ParameterizedTest
	@MethodSource("endless")
	void joinAndTimedWaitThrowToo(Function<WsConnection, CompletableFuture<?>> stage) {
		assertThat(waitIn("onText", (connection) -> stage.apply(connection).join()))
			.isInstanceOf(IllegalStateException.class);
		assertThat(waitIn("onPing", (connection) -> stage.apply(connection).get(1, TimeUnit.HOURS)))
			.isInstanceOf(IllegalStateException.class);
	}

	@Test
	void waitInADependentThatRunsAmongTheCallsThrows() {
		AtomicReference<@Nullable Throwable> thrown = new AtomicReference<>();
		this.fixture.open();
		CompletableFuture<Void> closed = this.fixture.stage(WsConnection::close);
		closed.thenRun(() -> thrown.set(thrownBy(this.fixture.connection, (connection) -> {
			connection.connect();
			connection.close().toCompletableFuture().get();
		})));
		this.fixture.session().endByClient();
		this.executor.runAll();
		assertThat(thrown.get()).isInstanceOf(IllegalStateException.class);
	}

	@Test
	void waitForAnotherConnectionOrForWhatIsThereIsAllowed() {
		ConnectionFixture other = new ConnectionFixture((options) -> options.executor(this.executor));
		CompletableFuture<Void> closed = other.stage(WsConnection::close);
		this.executor.runAll();
		assertThat(waitIn("onText", (connection) -> {
			closed.get();
			assertThat(connection.send("reply").toCompletableFuture()).isNotDone();
			other.connection.isInCall();
		})).isNull();
		assertThat(other.connection.isInCall()).isFalse();
	}

	@Test
	void waitForASendIsAllowedInACallOnAnExecutor() {
		assertThat(waitIn("onText", (connection) -> {
			CompletableFuture<Void> sent = connection.send("reply").toCompletableFuture();
			this.fixture.scheduler.runAll();
			this.fixture.session().allWritten();
			sent.get();
		})).isNull();
	}

	@Test
	void callIsOverWhenItsThreadHasLeftIt() {
		this.fixture.open();
		this.executor.runAll();
		assertThat(this.fixture.connection.isInCall()).isFalse();
	}

	@Test
	void waitOfAListenerThatGoesOnElsewhereThrows() {
		Elsewhere listener = new Elsewhere();
		FakeScheduler scheduler = new FakeScheduler();
		WsOptions options = WsOptions.builder("ws://h").executor(this.executor).build();
		ListenerCalls calls = new ListenerCalls(this.fixture.connection, options, listener, scheduler, scheduler,
				(full) -> {
				});
		assertThat(calls.objection()).isNull();
		listener.inCall = true;
		assertThat(calls.objection()).contains("would never end");
	}

	private @Nullable Throwable waitIn(String method, Wait wait) {
		AtomicReference<@Nullable Throwable> thrown = new AtomicReference<>();
		this.fixture.listener.in(method, (connection) -> {
			this.fixture.listener.in(method, (next) -> {
			});
			thrown.set(thrownBy(connection, wait));
		});
		if (this.fixture.state() == WsState.IDLE || this.fixture.state() == WsState.CLOSED) {
			this.fixture.open();
		}
		this.fixture.session().text("one");
		this.fixture.session().ping("p");
		this.fixture.session().text("two");
		this.executor.runAll();
		this.fixture.advance(Duration.ZERO);
		return thrown.get();
	}

	private static @Nullable Throwable thrownBy(WsConnection connection, Wait wait) {
		try {
			wait.in(connection);
			return null;
		}
		catch (Throwable ex) {
			return ex;
		}
	}

	private interface Wait {

		void in(WsConnection connection) throws Exception;

	}

	private static final class Elsewhere implements WsListener, CallScope {

		private boolean inCall;

		@Override
		public boolean isInCall() {
			return this.inCall;
		}

	}

}
