package dev.wsclient.spring;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthContributor;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import dev.wsclient.CloseStatus;
import dev.wsclient.WsCloseEvent;
import dev.wsclient.WsCloseEvent.Initiator;
import dev.wsclient.WsState;
import dev.wsclient.WsStateChange;
import dev.wsclient.options.WsOptions;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ConnectionHealthIndicator}, {@link StateTracker} and
 * {@link WsHealthContributorAutoConfiguration}.
 */
class ConnectionHealthIndicatorTests {

	private Instant now = Instant.parse("2026-01-01T00:00:00Z");

	private final FakeWsConnection connection = new FakeWsConnection("ticker");

	private final StateTracker tracker = new StateTracker(() -> this.now);

	private Health health(boolean required, @Nullable Duration staleAfter) {
		ManagedConnection managed = new ManagedConnection(this.connection,
				new HandlerDispatcher(Runnable::run, ConnectionObserver.NONE, (event) -> {
				}, new MessageConverters(List.of(), null), (broken) -> {
				}, null, DispatchSettings.DEFAULTS, new BacklogShare(1024, 1024)), this.tracker,
				new ConnectionSettings(new HealthSettings(required, Duration.ofSeconds(30), staleAfter),
						new StartupSettings(true, null),
						new StartupLine(WsOptions.builder("ws://localhost").build(), DispatchSettings.DEFAULTS, true),
						Duration.ofSeconds(5), new HandlerTarget("ticker", true, 1024, FailureSettings.DEFAULTS)),
				() -> {
				});
		return Objects.requireNonNull(new ConnectionHealthIndicator(managed, () -> this.now).health(true));
	}

	private Status status() {
		return health(true, null).getStatus();
	}

	private void move(WsState from, WsState to, @Nullable Throwable cause) {
		this.connection.state = to;
		this.connection.since = this.now;
		this.tracker.stateChanged(this.connection, new WsStateChange(from, to, cause));
	}

	private void pass(long seconds) {
		this.now = this.now.plusSeconds(seconds);
	}

	@Test
	void openIsUp() {
		move(WsState.IDLE, WsState.CONNECTING, null);
		move(WsState.CONNECTING, WsState.OPEN, null);
		assertThat(status()).isEqualTo(Status.UP);
	}

	@Test
	void neverStartedIsUnknown() {
		this.connection.state = WsState.IDLE;
		pass(3600);
		assertThat(status()).isEqualTo(Status.UNKNOWN);
	}

	@Test
	void shortOutageIsUnknownAndLongOneIsDownHoweverManyAttemptsItHas() {
		move(WsState.IDLE, WsState.CONNECTING, null);
		move(WsState.CONNECTING, WsState.OPEN, null);
		pass(3600);
		move(WsState.OPEN, WsState.BACKOFF, null);
		pass(10);
		move(WsState.BACKOFF, WsState.CONNECTING, null);
		pass(10);
		move(WsState.CONNECTING, WsState.BACKOFF, new IllegalStateException());
		assertThat(status()).isEqualTo(Status.UNKNOWN);
		pass(9);
		assertThat(status()).isEqualTo(Status.UNKNOWN);
		pass(1);
		assertThat(status()).isEqualTo(Status.DOWN);
		assertThat(health(true, null).getDetails()).containsEntry("state", "BACKOFF")
			.containsEntry("reason", "no session for longer than health.down-after (PT30S)");
		move(WsState.BACKOFF, WsState.CONNECTING, null);
		move(WsState.CONNECTING, WsState.OPEN, null);
		assertThat(status()).isEqualTo(Status.UP);
	}

	@Test
	void firstConnectThatTakesTooLongIsDown() {
		move(WsState.IDLE, WsState.CONNECTING, null);
		assertThat(status()).isEqualTo(Status.UNKNOWN);
		pass(31);
		assertThat(status()).isEqualTo(Status.DOWN);
	}

	@Test
	void connectionThatIsNotRequiredIsNeverDown() {
		move(WsState.IDLE, WsState.CONNECTING, null);
		pass(31);
		assertThat(health(false, null).getStatus()).isEqualTo(Status.UNKNOWN);
		move(WsState.CONNECTING, WsState.CLOSED, new IllegalStateException());
		assertThat(health(false, null).getStatus()).isEqualTo(Status.UNKNOWN);
	}

	@Test
	void closedByTheApplicationIsUnknown() {
		move(WsState.CONNECTING, WsState.OPEN, null);
		move(WsState.OPEN, WsState.CLOSING, null);
		move(WsState.CLOSING, WsState.CLOSED, null);
		this.tracker.sessionClosed(this.connection,
				new WsCloseEvent(CloseStatus.NORMAL, Initiator.CLIENT, true, null, false));
		pass(3600);
		assertThat(status()).isEqualTo(Status.UNKNOWN);
	}

	@Test
	void closedByAnErrorIsDownAtOnce() {
		move(WsState.CONNECTING, WsState.CLOSED, new IllegalStateException());
		assertThat(status()).isEqualTo(Status.DOWN);
		move(WsState.CLOSED, WsState.CONNECTING, null);
		assertThat(status()).isEqualTo(Status.UNKNOWN);
	}

	@Test
	void closedForGoodByTheServerIsDown() {
		move(WsState.CONNECTING, WsState.OPEN, null);
		move(WsState.OPEN, WsState.CLOSED, new IllegalStateException());
		assertThat(status()).isEqualTo(Status.DOWN);
	}

	@Test
	void refusedIsDownAtOnceAndTellsSinceWhenAndTheNextAttempt() {
		move(WsState.IDLE, WsState.CONNECTING, null);
		move(WsState.CONNECTING, WsState.BACKOFF, new IllegalStateException());
		this.connection.refusedSince = this.now;
		this.connection.nextAttempt = this.now.plusSeconds(28);
		assertThat(status()).isEqualTo(Status.DOWN);
		assertThat(health(false, null).getStatus()).isEqualTo(Status.UNKNOWN);
		assertThat(health(true, null).getDetails()).containsEntry("refusedSince", this.now)
			.containsEntry("nextAttempt", this.now.plusSeconds(28))
			.containsEntry("reason", "the server or a proxy refuses this client since 2026-01-01T00:00:00Z,"
					+ " next attempt at 2026-01-01T00:00:28Z");
		move(WsState.BACKOFF, WsState.CONNECTING, null);
		this.connection.nextAttempt = null;
		assertThat(health(true, null).getDetails()).extracting("reason")
			.asString()
			.endsWith("another attempt is under way");
		this.connection.refusedSince = null;
		move(WsState.CONNECTING, WsState.OPEN, null);
		assertThat(status()).isEqualTo(Status.UP);
	}

	@Test
	void closeOfTheApplicationIsNoFailureHoweverTheSessionEnds() {
		for (Initiator initiator : Initiator.values()) {
			move(WsState.CONNECTING, WsState.OPEN, null);
			move(WsState.OPEN, WsState.CLOSING, null);
			move(WsState.CLOSING, WsState.CLOSED, null);
			this.tracker.sessionClosed(this.connection,
					new WsCloseEvent(CloseStatus.ABNORMAL, initiator, false, new IllegalStateException(), false));
			assertThat(status()).isEqualTo(Status.UNKNOWN);
		}
	}

	@Test
	void waitThatTheApplicationAskedForIsNoOutage() {
		move(WsState.CONNECTING, WsState.OPEN, null);
		pass(3600);
		move(WsState.OPEN, WsState.CLOSING, null);
		move(WsState.CLOSING, WsState.BACKOFF, null);
		this.tracker.reconnectScheduled(this.connection, 1, Duration.ofMinutes(5), null);
		pass(5 * 60 + 29);
		assertThat(status()).isEqualTo(Status.UNKNOWN);
		pass(1);
		assertThat(status()).isEqualTo(Status.DOWN);
	}

	@Test
	void waitThatTheApplicationAskedForWithinAnOutageIsOne() {
		move(WsState.CONNECTING, WsState.OPEN, null);
		move(WsState.OPEN, WsState.BACKOFF, new IllegalStateException());
		for (int i = 0; i < 30; i++) {
			this.tracker.reconnectScheduled(this.connection, 1, Duration.ofSeconds(1), null);
			pass(1);
			move(WsState.BACKOFF, WsState.CONNECTING, null);
			move(WsState.CONNECTING, WsState.BACKOFF, new IllegalStateException());
		}
		assertThat(status()).isEqualTo(Status.DOWN);
	}

	@Test
	void silentConnectionIsDownAfterStaleAfter() {
		move(WsState.CONNECTING, WsState.OPEN, null);
		Duration staleAfter = Duration.ofSeconds(60);
		pass(59);
		assertThat(health(true, staleAfter).getStatus()).isEqualTo(Status.UP);
		this.connection.lastMessage = this.now;
		pass(59);
		assertThat(health(true, staleAfter).getStatus()).isEqualTo(Status.UP);
		pass(1);
		assertThat(health(true, staleAfter).getStatus()).isEqualTo(Status.DOWN);
		assertThat(health(false, staleAfter).getStatus()).isEqualTo(Status.UNKNOWN);
		assertThat(health(true, null).getStatus()).isEqualTo(Status.UP);
	}

	@Test
	void detailsTellTheFigures() {
		this.connection.lastMessage = this.now;
		assertThat(health(true, null).getDetails()).containsEntry("state", "OPEN")
			.containsEntry("uri", "ws://fake.example/feed")
			.containsEntry("session", "ab12")
			.containsEntry("sessions", 1L)
			.containsEntry("attempts", 0)
			.containsEntry("lastReceived", this.now)
			.containsEntry("lastMessage", this.now)
			.containsKey("since")
			.doesNotContainKeys("lastError", "nextAttempt", "reason");
	}

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(
				AutoConfigurations.of(WsClientAutoConfiguration.class, WsHealthContributorAutoConfiguration.class))
		.withPropertyValues("ws.defaults.auto-start=false", "ws.clients.ticker.url=ws://localhost/?key=hush",
				"ws.clients.orders.url=ws://localhost");

	@Test
	void contributorHasOneEntryForEachClient() {
		this.runner.run((context) -> {
			CompositeHealthContributor ws = context.getBean("wsHealthContributor", CompositeHealthContributor.class);
			assertThat(ws.stream().map((entry) -> entry.name())).containsExactlyInAnyOrder("ticker", "orders");
			HealthIndicator ticker = (HealthIndicator) Objects.requireNonNull(ws.getContributor("ticker"));
			Health health = Objects.requireNonNull(ticker.health(true));
			assertThat(health.getStatus()).isEqualTo(Status.UNKNOWN);
			assertThat(health.getDetails()).containsEntry("state", "IDLE");
			assertThat(health.toString()).doesNotContain("hush");
		});
	}

	@Test
	void thereIsNoContributorWithoutTheHealthModule() {
		this.runner.withClassLoader(new FilteredClassLoader(HealthContributor.class))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean("wsHealthContributor"));
	}

	@Test
	void thereIsNoContributorWhenDisabled() {
		this.runner.withPropertyValues("management.health.ws.enabled=false")
			.run((context) -> assertThat(context).doesNotHaveBean("wsHealthContributor"));
	}

	@Test
	void contributorIsEmptyWithoutClients() {
		new ApplicationContextRunner()
			.withConfiguration(
					AutoConfigurations.of(WsClientAutoConfiguration.class, WsHealthContributorAutoConfiguration.class))
			.run((context) -> assertThat(context.getBean(ConnectionsHealthContributor.class).stream()).isEmpty());
	}

	@Test
	void unknownClientHasNoEntry() {
		this.runner
			.run((context) -> assertThat(context.getBean(ConnectionsHealthContributor.class).getContributor("trades"))
				.isNull());
	}

	@Test
	void thereIsNoContributorWhenAllIsDisabled() {
		this.runner.withPropertyValues("ws.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean("wsHealthContributor"));
	}

}
