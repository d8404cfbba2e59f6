package dev.wsclient;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import dev.wsclient.exception.WsTimeoutException;
import dev.wsclient.exception.WsTimeoutException.Deadline;
import dev.wsclient.options.Compression;
import dev.wsclient.options.Reconnect;
import dev.wsclient.options.WsOptions;
import dev.wsclient.options.WsProxy;
import dev.wsclient.options.WsTls;
import dev.wsclient.testserver.Certificates;
import dev.wsclient.testserver.HttpTunnel;
import dev.wsclient.testserver.SlowReader;
import dev.wsclient.testserver.SocksServer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Progress is life: a server that reads what we send, however long that takes, is not
 * taken for dead, since it can't answer a ping before it has read what is before it. One
 * that neither reads nor answers is.
 */
class ProgressIsLifeIntegrationTests {

	private static final Certificates CERTIFICATES = new Certificates();

	private static final Duration INTERVAL = Duration.ofSeconds(1);

	private static final Duration TIMEOUT = Duration.ofSeconds(1);

	/**
	 * A message takes several times longer than interval and timeout.
	 */
	private static final int SIZE = 24 * 1024 * 1024;

	/**
	 * What the systems may buffer: when all is in their hands no progress is to be seen.
	 */
	private static final int TAIL = 8 * 1024 * 1024;

	@TempDir
	@SuppressWarnings("NullAway.Init") // set by JUnit
	private Path directory;

	private final RecordingListener listener = new RecordingListener();

	private final List<AutoCloseable> resources = new ArrayList<>();

	@AfterEach
	void close() throws Exception {
		for (AutoCloseable resource : this.resources) {
			resource.close();
		}
	}

	private <T extends AutoCloseable> T keep(T resource) {
		this.resources.add(resource);
		return resource;
	}

	private SlowReader server(Way way) throws IOException {
		SlowReader server = switch (way) {
			case TLS, TLS_PROXY -> new SlowReader(CERTIFICATES.serverContext(CERTIFICATES.issue("localhost")));
			case UNIX -> new SlowReader(this.directory.resolve("server.sock"));
			default -> new SlowReader();
		};
		return keep(server);
	}

	private WsConnection connect(Way way, SlowReader server) {
		boolean secure = way == Way.TLS || way == Way.TLS_PROXY;
		WsOptions.Builder options = WsOptions
			.builder((secure ? "wss" : "ws") + "://localhost:" + ((way == Way.UNIX) ? 80 : server.port()) + "/")
			.tls(WsTls.defaults().withTrust(CERTIFICATES.trusted()))
			.reconnect(Reconnect.never())
			.sendBufferSize(2 * SIZE)
			.compression(Compression.disabled())
			.pingInterval(INTERVAL)
			.pingTimeout(TIMEOUT);
		switch (way) {
			case COMPRESSED -> options.compression(Compression.defaults());
			case UNIX -> options.unixSocket(this.directory.resolve("server.sock"));
			case TLS_PROXY -> options.proxy(WsProxy.http("127.0.0.1", keep(new HttpTunnel()).port()));
			case SOCKS_PROXY -> options.proxy(WsProxy.socks5("127.0.0.1", keep(new SocksServer(null, null)).port()));
			default -> {
			}
		}
		WsClient client = WsClient.create();
		this.resources.add(0, client);
		WsConnection connection = client.connect(options.build(), this.listener);
		this.resources.add(0, connection::abort);
		assertThat(connection.whenOpen()).succeedsWithin(Duration.ofSeconds(20));
		return connection;
	}

	private static byte[] incompressible() {
		byte[] bytes = new byte[SIZE];
		new Random(1).nextBytes(bytes);
		return bytes;
	}

	@ParameterizedTest
	@EnumSource(Way.class)
	void serverThatReadsALargeMessageSteadilyIsAlive(Way way) throws Exception {
		SlowReader server = server(way);
		server.pace(32 * 1024, Duration.ofMillis(15));
		WsConnection connection = connect(way, server);
		if (way == Way.STREAM) {
			streamOf(connection);
		}
		else {
			connection.send(incompressible());
		}
		await().atMost(Duration.ofMinutes(2))
			.until(() -> server.received() >= SIZE - TAIL || !this.listener.closes.isEmpty());
		assertThat(this.listener.errors).isEmpty();
		server.pace(1024 * 1024, Duration.ZERO);
		await().atMost(Duration.ofSeconds(30)).until(() -> !this.listener.pongs.isEmpty());
		assertThat(connection.state()).isEqualTo(WsState.OPEN);
	}

	private static void streamOf(WsConnection connection) {
		ByteBuffer all = ByteBuffer.wrap(incompressible());
		connection.send(WsMessage.Type.BINARY, (subscriber) -> subscriber.onSubscribe(new Flow.Subscription() {

			@Override
			public void request(long count) {
				for (long i = 0; i < count && all.hasRemaining(); i++) {
					ByteBuffer next = all.slice(all.position(), Math.min(64 * 1024, all.remaining()));
					all.position(all.position() + next.remaining());
					subscriber.onNext(next);
				}
				if (!all.hasRemaining()) {
					subscriber.onComplete();
				}
			}

			@Override
			public void cancel() {
			}

		}));
	}

	@ParameterizedTest
	@EnumSource(value = Way.class, names = { "PLAIN", "TLS" })
	void serverThatReadsAtATrickleIsAlive(Way way) throws Exception {
		SlowReader server = server(way);
		WsConnection connection = connect(way, server);
		server.pace(0, Duration.ZERO);
		connection.send(incompressible());
		// Too little by far for the system to say that the socket takes more
		server.pace(32 * 1024, Duration.ofMillis(100));
		long end = System.nanoTime() + 8 * INTERVAL.plus(TIMEOUT).toNanos();
		await().atMost(Duration.ofMinutes(1))
			.until(() -> System.nanoTime() - end > 0 || !this.listener.closes.isEmpty());
		assertThat(this.listener.errors).isEmpty();
		assertThat(connection.state()).isEqualTo(WsState.OPEN);
	}

	@ParameterizedTest
	@EnumSource(Way.class)
	void serverThatStopsReadingIsFoundInIntervalAndTimeout(Way way) throws Exception {
		SlowReader server = server(way);
		server.pace(64 * 1024, Duration.ofMillis(15));
		WsConnection connection = connect(way, server);
		connection.send(incompressible());
		await().atMost(Duration.ofSeconds(30)).until(() -> server.received() > 1024 * 1024);
		long stopped = System.nanoTime();
		server.pace(0, Duration.ZERO);
		expectDeath(stopped);
	}

	@Test
	void serverThatVanishedIsFoundThoughTheSocketTakesWhatWeSend() throws Exception {
		SlowReader server = server(Way.PLAIN);
		WsConnection connection = connect(Way.PLAIN, server);
		server.pace(0, Duration.ZERO);
		AtomicLong sent = new AtomicLong();
		keep(every(Duration.ofMillis(50), () -> connection.send("tick " + sent.incrementAndGet())));
		expectDeath(System.nanoTime());
		assertThat(sent.get()).isPositive();
	}

	@Test
	void serverThatReadsButNeverAnswersIsFoundThoughTheSocketTakesWhatWeSend() throws Exception {
		SlowReader server = server(Way.PLAIN);
		WsConnection connection = connect(Way.PLAIN, server);
		server.mute();
		keep(every(Duration.ofMillis(50), () -> connection.send("tick")));
		expectDeath(System.nanoTime());
	}

	private static AutoCloseable every(Duration period, Runnable task) {
		ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor();
		executor.scheduleAtFixedRate(task, 0, period.toMillis(), TimeUnit.MILLISECONDS);
		return executor::shutdownNow;
	}

	private void expectDeath(long since) {
		await().atMost(Duration.ofSeconds(60)).until(() -> !this.listener.errors.isEmpty());
		Duration found = Duration.ofNanos(System.nanoTime() - since);
		assertThat(this.listener.errors.get(0)).isInstanceOfSatisfying(WsTimeoutException.class,
				(error) -> assertThat(error.deadline()).isEqualTo(Deadline.PONG));
		assertThat(found).isLessThan(INTERVAL.plus(TIMEOUT).multipliedBy(5));
	}

	/**
	 * How the server is reached, or what is sent.
	 */
	enum Way {

		PLAIN, TLS, COMPRESSED, STREAM, UNIX, TLS_PROXY, SOCKS_PROXY

	}

}
