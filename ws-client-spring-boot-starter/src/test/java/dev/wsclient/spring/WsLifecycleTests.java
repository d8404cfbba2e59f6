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

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.context.SmartLifecycle;

import dev.wsclient.CloseStatus;
import dev.wsclient.WsState;
import dev.wsclient.options.WsOptions;
import dev.wsclient.spring.properties.ClientProperties;
import dev.wsclient.spring.properties.ShutdownMode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link WsLifecycle}.
 */
@Timeout(30)
class WsLifecycleTests {

	private final Map<String, ClosingConnection> connections = new LinkedHashMap<>();

	private final List<Runnable> ownThreads = new ArrayList<>();

	private final CompletableFuture<Void> stopped = new CompletableFuture<>();

	private final FakeWsClient client = new FakeWsClient();

	private ConnectionRegistry connections(String... names) {
		Map<String, ClientProperties> clients = new LinkedHashMap<>();
		for (String name : names) {
			clients.put(name, new ClientProperties());
		}
		return new ConnectionRegistry(new ConfiguredClients(clients),
				new ConnectionBeans(new DefaultListableBeanFactory()), (name, properties, listeners) -> managed(name));
	}

	private DispatchExecutor executor() {
		return new DispatchExecutor((task) -> {
			throw new AssertionError("not the application's thread");
		}, this.ownThreads::add, () -> true);
	}

	private ManagedConnection managed(String name) {
		ClosingConnection connection = new ClosingConnection(name);
		this.connections.put(name, connection);
		HandlerDispatcher dispatcher = new HandlerDispatcher(Runnable::run, ConnectionObserver.NONE, (event) -> {
		}, new MessageConverters(List.of(), null), (broken) -> {
		}, null, DispatchSettings.DEFAULTS, new BacklogShare(1024, 1024));
		ConnectionSettings settings = new ConnectionSettings(new HealthSettings(true, Duration.ofSeconds(30), null),
				new StartupSettings(true, null),
				new StartupLine(WsOptions.builder("ws://localhost").build(), DispatchSettings.DEFAULTS, true),
				ShutdownMode.DRAIN, new HandlerTarget(name, true, 1024, FailureSettings.DEFAULTS));
		return new ManagedConnection(connection, dispatcher, new StateTracker(Instant::now), settings, () -> {
		});
	}

	private ClosingConnection connection(String name) {
		return Objects.requireNonNull(this.connections.get(name));
	}

	private List<String> calls(String name) {
		return connection(name).calls;
	}

	@Test
	void phaseIsTheLastToStartAndTheFirstToStop() {
		WsLifecycle lifecycle = new WsLifecycle(this.client, connections(), executor(), Duration.ofSeconds(30));
		assertThat(lifecycle.getPhase()).isEqualTo(SmartLifecycle.DEFAULT_PHASE).isEqualTo(Integer.MAX_VALUE);
		assertThat(lifecycle.isAutoStartup()).isTrue();
	}

	@Test
	void startConnectsAllAndStopsCloseAll() {
		ConnectionRegistry connections = connections("one", "two");
		WsLifecycle handling = new WsLifecycle(this.client, connections, executor(), Duration.ofSeconds(30));
		WsCloseLifecycle closing = new WsCloseLifecycle(connections, executor(), Duration.ofSeconds(30));
		assertThat(handling.isRunning()).isFalse();
		closing.start();
		handling.start();
		assertThat(handling.isRunning()).isTrue();
		assertThat(closing.isRunning()).isTrue();
		assertThat(calls("one")).containsExactly("connect");
		handling.stop();
		assertThat(handling.isRunning()).isFalse();
		assertThat(this.client.suspended).isTrue();
		assertThat(calls("two")).as("it may still send").containsExactly("connect");
		closing.stop(() -> this.stopped.complete(null));
		assertThat(closing.isRunning()).isFalse();
		assertThat(this.stopped).as("waits for both").isNotDone();
		assertThat(calls("two")).containsExactly("connect", "close 1001");
		this.connections.values().forEach((connection) -> connection.closed.complete(null));
		this.ownThreads.forEach(Runnable::run);
		assertThat(this.stopped).isDone();
		assertThat(calls("one")).containsExactly("connect", "close 1001");
	}

	@Test
	void stopWithNothingToWaitForIsOverAtOnce() {
		ConnectionRegistry connections = connections("one");
		WsLifecycle handling = new WsLifecycle(this.client, connections, executor(), Duration.ofSeconds(30));
		handling.start();
		connection("one").closed.complete(null);
		handling.stop(() -> this.stopped.complete(null));
		assertThat(this.stopped).isDone();
		CompletableFuture<Void> closed = new CompletableFuture<>();
		new WsCloseLifecycle(connections, executor(), Duration.ofSeconds(30)).stop(() -> closed.complete(null));
		assertThat(closed).isDone();
		assertThat(this.ownThreads).isEmpty();
	}

	@Test
	void connectionThatDoesNotCloseInTimeIsAborted() {
		ConnectionRegistry connections = connections("one", "two");
		WsCloseLifecycle closing = new WsCloseLifecycle(connections, executor(), Duration.ofMillis(100));
		closing.stop(() -> this.stopped.complete(null));
		connection("two").closed.complete(null);
		connection("two").state = WsState.CLOSED;
		long begin = System.nanoTime();
		this.ownThreads.forEach(Runnable::run);
		assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThan(Duration.ofMillis(80));
		assertThat(this.stopped).isDone();
		assertThat(calls("one")).containsExactly("close 1001", "abort");
		assertThat(calls("two")).containsExactly("close 1001");
	}

	@Test
	void connectionThatWasActiveIsConnectedAgain() {
		ConnectionRegistry connections = connections("one");
		WsLifecycle handling = new WsLifecycle(this.client, connections, executor(), Duration.ofSeconds(30));
		WsCloseLifecycle closing = new WsCloseLifecycle(connections, executor(), Duration.ofSeconds(30));
		connection("one").closed.complete(null);
		handling.start();
		handling.stop();
		closing.stop();
		handling.start();
		assertThat(this.client.suspended).isFalse();
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
