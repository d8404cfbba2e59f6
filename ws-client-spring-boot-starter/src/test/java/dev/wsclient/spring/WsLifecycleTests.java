package dev.wsclient.spring;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.context.SmartLifecycle;

import dev.wsclient.CloseStatus;
import dev.wsclient.WsState;
import dev.wsclient.options.WsOptions;
import dev.wsclient.spring.properties.ClientProperties;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link WsLifecycle}.
 */
@Timeout(30)
class WsLifecycleTests {

	private final Map<String, ClosingConnection> connections = new LinkedHashMap<>();

	private final List<Runnable> ownThreads = new ArrayList<>();

	private final CompletableFuture<Void> stopped = new CompletableFuture<>();

	private WsLifecycle lifecycle(Duration timeout, Duration closeTimeout, String... names) {
		Map<String, ClientProperties> clients = new LinkedHashMap<>();
		for (String name : names) {
			clients.put(name, new ClientProperties());
		}
		DefaultWsConnections connections = new DefaultWsConnections(new ConfiguredClients(clients),
				(name, properties, listeners) -> managed(name, closeTimeout), (handler, connection) -> {
				});
		Executor refusing = (task) -> {
			throw new AssertionError("not the application's thread");
		};
		return new WsLifecycle(connections, new DispatchExecutor(refusing, false, this.ownThreads::add,
				this.ownThreads::add, new OwnThreads("test-", null), () -> true), timeout);
	}

	private ManagedConnection managed(String name, Duration closeTimeout) {
		ClosingConnection connection = new ClosingConnection(name);
		this.connections.put(name, connection);
		HandlerDispatcher dispatcher = new HandlerDispatcher(Runnable::run, ConnectionObserver.NONE, (event) -> {
		}, new MessageConverters(List.of(), null), (broken) -> {
		}, null, DispatchSettings.DEFAULTS, new BacklogShare(1024, 1024));
		ConnectionSettings settings = new ConnectionSettings(new HealthSettings(true, Duration.ofSeconds(30), null),
				new StartupSettings(true, null),
				new StartupLine(WsOptions.builder("ws://localhost").build(), DispatchSettings.DEFAULTS, true),
				closeTimeout, new HandlerTarget(name, true, 1024, FailureSettings.DEFAULTS));
		return new ManagedConnection(connection, dispatcher, new StateTracker(Instant::now), settings, () -> {
		});
	}

	private void stop(WsLifecycle lifecycle) {
		lifecycle.stop(() -> this.stopped.complete(null));
	}

	private ClosingConnection connection(String name) {
		return Objects.requireNonNull(this.connections.get(name));
	}

	private List<String> calls(String name) {
		return connection(name).calls;
	}

	@Test
	void phaseIsTheLastToStartAndTheFirstToStop() {
		WsLifecycle lifecycle = lifecycle(Duration.ofSeconds(30), Duration.ofSeconds(5));
		assertThat(lifecycle.getPhase()).isEqualTo(SmartLifecycle.DEFAULT_PHASE).isEqualTo(Integer.MAX_VALUE);
		assertThat(lifecycle.isAutoStartup()).isTrue();
	}

	@Test
	void startConnectsAllAndStopClosesAll() {
		WsLifecycle lifecycle = lifecycle(Duration.ofSeconds(30), Duration.ofSeconds(5), "one", "two");
		assertThat(lifecycle.isRunning()).isFalse();
		lifecycle.start();
		assertThat(lifecycle.isRunning()).isTrue();
		assertThat(calls("one")).containsExactly("connect");
		stop(lifecycle);
		assertThat(lifecycle.isRunning()).isFalse();
		assertThat(this.stopped).as("waits for both").isNotDone();
		assertThat(calls("two")).containsExactly("connect", "close 1001");
		this.connections.values().forEach((connection) -> connection.closed.complete(null));
		this.ownThreads.forEach(Runnable::run);
		assertThat(this.stopped).isDone();
		assertThat(calls("one")).containsExactly("connect", "close 1001");
	}

	@Test
	void stopWithNothingToWaitForIsOverAtOnce() {
		WsLifecycle lifecycle = lifecycle(Duration.ofSeconds(30), Duration.ofSeconds(5), "one");
		lifecycle.start();
		connection("one").closed.complete(null);
		stop(lifecycle);
		assertThat(this.stopped).isDone();
		assertThat(this.ownThreads).isEmpty();
	}

	@Test
	void connectionThatDoesNotCloseInTimeIsAborted() {
		WsLifecycle lifecycle = lifecycle(Duration.ofMillis(100), Duration.ofMinutes(10), "one", "two");
		lifecycle.start();
		stop(lifecycle);
		connection("two").closed.complete(null);
		connection("two").state = WsState.CLOSED;
		long begin = System.nanoTime();
		this.ownThreads.forEach(Runnable::run);
		assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThan(Duration.ofMillis(80));
		assertThat(this.stopped).isDone();
		assertThat(calls("one")).containsExactly("connect", "close 1001", "close 1001", "abort");
		assertThat(calls("two")).containsExactly("connect", "close 1001", "close 1001");
	}

	@Test
	void connectionThatWasActiveIsConnectedAgain() {
		WsLifecycle lifecycle = lifecycle(Duration.ofSeconds(30), Duration.ofSeconds(5), "one");
		connection("one").closed.complete(null);
		lifecycle.start();
		lifecycle.stop();
		lifecycle.start();
		assertThat(calls("one")).containsExactly("connect", "close 1001", "connect");
	}

	/**
	 * Is closed when the test says so.
	 */
	private static final class ClosingConnection extends FakeWsConnection {

		private final CompletableFuture<Void> closed = new CompletableFuture<>();

		ClosingConnection(String name) {
			super(name);
		}

		@Override
		public CompletionStage<Void> close(CloseStatus status) {
			this.calls.add("close " + status);
			return this.closed;
		}

	}

}
