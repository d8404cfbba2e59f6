package dev.wsclient;

import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

import javax.net.ssl.SSLContext;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import dev.wsclient.exception.WsSendException;
import dev.wsclient.exception.WsSendException.Outcome;
import dev.wsclient.observe.WsEvents;
import dev.wsclient.options.Compression;
import dev.wsclient.options.OfflinePolicy;
import dev.wsclient.options.Reconnect;
import dev.wsclient.options.WhenFull;
import dev.wsclient.options.WsOptions;
import dev.wsclient.options.WsTls;
import dev.wsclient.testserver.Certificates;
import dev.wsclient.testserver.FaultProxy;
import dev.wsclient.testserver.NettyServer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Many threads send for a while through a network that breaks again and again: each
 * message is reported once, and the server agrees with what was reported.
 * {@link AccountingIntegrationTests} cuts at chosen bytes; this one cuts by time, and
 * knows all policies, TLS and compression.
 */
class FaultAccountingIntegrationTests {

	private static final Duration TIME = Duration.parse(System.getProperty("test.fault-time", "PT1.5S"));

	private static final Duration BETWEEN_CUTS = Duration.ofMillis(200);

	private static final int THREADS = 8;

	private static final int SEND_BUFFER_SIZE = 64 * 1024;

	private static final String PADDING = "abcdefghij".repeat(200);

	private final Certificates certificates = new Certificates();

	@ParameterizedTest
	@EnumSource
	void everyMessageIsReportedOnce(Kind kind) throws InterruptedException {
		ScheduledExecutorService cutter = Executors.newSingleThreadScheduledExecutor();
		List<Run> runs = new ArrayList<>();
		try (WsClient client = WsClient.create(2)) {
			for (Policy policy : Policy.values()) {
				runs.add(new Run(kind, policy, this.certificates, client));
			}
			cutter.scheduleAtFixedRate(() -> runs.forEach(Run::cut), BETWEEN_CUTS.toMillis(), BETWEEN_CUTS.toMillis(),
					TimeUnit.MILLISECONDS);
			List<Thread> threads = new ArrayList<>();
			runs.forEach((run) -> run.start(threads));
			for (Thread thread : threads) {
				thread.join();
			}
			cutter.shutdown();
			assertThat(cutter.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
			runs.forEach(Run::finish);
		}
		finally {
			cutter.shutdownNow();
			runs.forEach(Run::close);
		}
	}

	/**
	 * What the messages go through.
	 */
	enum Kind {

		PLAIN, TLS, COMPRESSED

	}

	/**
	 * What becomes of messages between sessions.
	 */
	enum Policy {

		FAIL, BUFFER_FAIL, BUFFER_DROP_OLDEST, BUFFER_DROP_NEWEST;

		void set(WsOptions.Builder options) {
			if (this == FAIL) {
				options.offlinePolicy(OfflinePolicy.FAIL);
				return;
			}
			options.offlinePolicy(OfflinePolicy.BUFFER)
				.offlineTtl(Duration.ofMillis(10))
				.whenFull(WhenFull.valueOf(name().substring("BUFFER_".length())));
		}

	}

	/**
	 * One connection, its network and its server.
	 */
	private static final class Run {

		private final Kind kind;

		private final Policy policy;

		private final NettyServer server;

		private final FaultProxy proxy;

		private final WsConnection connection;

		private final AtomicLong observed = new AtomicLong();

		private final List<Sender> senders = new ArrayList<>();

		private final List<Received> sessions = new ArrayList<>();

		private int cuts;

		Run(Kind kind, Policy policy, Certificates certificates, WsClient client) {
			this.kind = kind;
			this.policy = policy;
			SSLContext sslContext = (kind == Kind.TLS) ? certificates.serverContext(certificates.issue("localhost"))
					: null;
			this.server = new NettyServer(sslContext);
			if (kind == Kind.COMPRESSED) {
				this.server.compress();
			}
			this.server.passTextsTo((session) -> newSession());
			this.server.start();
			this.proxy = new FaultProxy(this.server.uri());
			for (int i = 0; i < THREADS; i++) {
				this.senders.add(new Sender(i));
			}
			String uri = this.proxy.through(this.server.uri());
			WsOptions.Builder options = WsOptions.builder((kind == Kind.TLS) ? uri.replace("ws:", "wss:") : uri)
				.name(kind + " " + policy)
				.tls(WsTls.defaults().withTrust(certificates.trusted()))
				.compression((kind == Kind.COMPRESSED) ? Compression.defaults() : Compression.disabled())
				.sendBufferSize(SEND_BUFFER_SIZE)
				.reconnect(Reconnect.exponential(Duration.ofMillis(20), Duration.ofMillis(50)))
				.events(new Observer());
			policy.set(options);
			this.connection = client.connect(options.build(), new WsListener() {
			});
			await().until(this.connection::isOpen);
		}

		private synchronized Consumer<String> newSession() {
			Received session = new Received();
			this.sessions.add(session);
			return session;
		}

		void start(List<Thread> threads) {
			long end = System.nanoTime() + TIME.toNanos();
			for (Sender sender : this.senders) {
				Thread thread = new Thread(() -> sender.send(this.connection, end), "sender");
				threads.add(thread);
				thread.start();
			}
		}

		void cut() {
			this.cuts++;
			if (this.cuts % 2 == 0) {
				this.proxy.cut();
			}
			else {
				this.proxy.reset();
			}
		}

		void finish() {
			await().until(() -> this.senders.stream().allMatch(Sender::isReported));
			assertThat(this.connection.snapshot().queuedBytes()).isZero();
			assertThat(this.connection.snapshot().queuedMessages()).isZero();
			assertThat(this.connection.close()).succeedsWithin(Duration.ofSeconds(10));
			await().until(() -> this.proxy.links() == 0);
			// Behind all that its sessions read
			this.server.close();
			check();
		}

		private synchronized void check() {
			Map<Outcome, Integer> failed = new EnumMap<>(Outcome.class);
			int written = 0;
			int missing = 0;
			long sent = 0;
			for (Sender sender : this.senders) {
				sent += sender.outcomes.length();
				BitSet arrived = arrived(sender.number);
				int gaps = 0;
				boolean gap = false;
				for (int i = 0; i < sender.outcomes.length(); i++) {
					Outcome outcome = sender.outcomes.get(i);
					if (outcome != null) {
						failed.merge(outcome, 1, Integer::sum);
					}
					if (outcome != null && outcome != Outcome.LOST) {
						assertThat(arrived.get(i)).as("%d:%d, reported as %s, arrived", sender.number, i, outcome)
							.isFalse();
						continue;
					}
					written += (outcome != null) ? 0 : 1;
					missing += (outcome == null && !arrived.get(i)) ? 1 : 0;
					gaps += (!arrived.get(i) && !gap) ? 1 : 0;
					gap = !arrived.get(i);
				}
				assertThat(arrived.length()).isLessThanOrEqualTo(sender.outcomes.length());
				// What the socket took and the server didn't get was in flight at a cut
				assertThat(gaps).as("gaps of thread %d", sender.number).isLessThanOrEqualTo(this.cuts);
			}
			assertThat(this.observed).hasValue(sent);
			assertThat(written).isPositive();
			assertThat(this.sessions).hasSizeGreaterThan(1);
			System.out.printf("%s %s: %d sent, %d written, %d of them in flight at one of %d cuts, %s%n", this.kind,
					this.policy, sent, written, missing, this.cuts, failed);
		}

		/**
		 * Returns which messages of a sender arrived, each once and in order over all
		 * sessions.
		 */
		private BitSet arrived(int sender) {
			BitSet arrived = new BitSet();
			int last = -1;
			for (Received session : this.sessions) {
				for (int number : session.of(sender)) {
					assertThat(number).as("what arrives behind %d:%d", sender, last).isGreaterThan(last);
					last = number;
					arrived.set(number);
				}
			}
			return arrived;
		}

		void close() {
			this.connection.abort();
			this.proxy.close();
			this.server.close();
		}

		/**
		 * Counts the reports on another way.
		 */
		private final class Observer implements WsEvents {

			@Override
			public void messageSent(WsConnection connection, WsMessage.Type type, int size) {
				Run.this.observed.incrementAndGet();
			}

			@Override
			public void messageFailed(WsConnection connection, WsMessage.Type type, int size, Outcome outcome) {
				Run.this.observed.incrementAndGet();
			}

			@Override
			public void messageNotAccepted(WsConnection connection, WsMessage.Type type, int size) {
				Run.this.observed.incrementAndGet();
			}

		}

	}

	/**
	 * One thread that sends.
	 */
	private static final class Sender {

		private final int number;

		private final Outcomes outcomes = new Outcomes();

		private final AtomicLong unreported = new AtomicLong();

		private volatile boolean done;

		Sender(int number) {
			this.number = number;
		}

		void send(WsConnection connection, long end) {
			Random random = new Random(this.number);
			int i = 0;
			while (System.nanoTime() < end) {
				int burst = (random.nextInt(20) == 0) ? 50 : 1;
				for (int j = 0; j < burst; j++) {
					int message = i++;
					this.unreported.incrementAndGet();
					connection.send(this.number + ":" + message + ":" + PADDING.substring(random.nextInt(2000)))
						.whenComplete((result, error) -> {
							this.outcomes.set(message, outcome(error));
							this.unreported.decrementAndGet();
						});
				}
				LockSupport.parkNanos(500_000L + random.nextInt(2_000_000));
			}
			this.done = true;
		}

		private static @Nullable Outcome outcome(@Nullable Throwable error) {
			if (error == null) {
				return null;
			}
			Throwable cause = (error instanceof CompletionException) ? Objects.requireNonNull(error.getCause()) : error;
			return ((WsSendException) cause).outcome();
		}

		boolean isReported() {
			return this.done && this.unreported.get() == 0;
		}

	}

	/**
	 * What became of each message of a thread.
	 */
	private static final class Outcomes {

		private final List<@Nullable Outcome> values = new ArrayList<>();

		private final BitSet reported = new BitSet();

		synchronized void set(int message, @Nullable Outcome outcome) {
			assertThat(this.reported.get(message)).isFalse();
			this.reported.set(message);
			// Reports come in any order
			while (this.values.size() <= message) {
				this.values.add(null);
			}
			this.values.set(message, outcome);
		}

		synchronized @Nullable Outcome get(int message) {
			assertThat(this.reported.get(message)).isTrue();
			return this.values.get(message);
		}

		synchronized int length() {
			return this.values.size();
		}

	}

	/**
	 * What the server got in one session.
	 */
	private static final class Received implements Consumer<String> {

		private final List<List<Integer>> messages = new ArrayList<>();

		Received() {
			for (int i = 0; i < THREADS; i++) {
				this.messages.add(new ArrayList<>());
			}
		}

		@Override
		public synchronized void accept(String text) {
			String[] parts = text.split(":", 3);
			this.messages.get(Integer.parseInt(parts[0])).add(Integer.valueOf(parts[1]));
		}

		synchronized List<Integer> of(int sender) {
			return this.messages.get(sender);
		}

	}

}
