package dev.wsclient;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

import io.netty.handler.ssl.OpenSsl;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import dev.wsclient.exception.ErrorContext.Phase;
import dev.wsclient.exception.WsException;
import dev.wsclient.exception.WsHandshakeException;
import dev.wsclient.exception.WsSendException;
import dev.wsclient.options.Reconnect;
import dev.wsclient.options.WsOptions;
import dev.wsclient.options.WsProxy;
import dev.wsclient.options.WsTls;
import dev.wsclient.testserver.Certificates;
import dev.wsclient.testserver.Frames;
import dev.wsclient.testserver.HttpTunnel;
import dev.wsclient.testserver.ScriptedServer;
import dev.wsclient.testserver.ScriptedServer.Script;
import dev.wsclient.testserver.SocksServer;
import dev.wsclient.testserver.TlsFront;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * TLS ends where TLS ends: a server's {@code close_notify} is the end of what arrives
 * (RFC 8446, section 6.1), whenever it comes and though TCP stays open. Every deadline is
 * longer than the tests wait.
 */
class TlsEndIntegrationTests {

	private static final Duration LONG = Duration.ofMinutes(10);

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	private static final Certificates CERTIFICATES = new Certificates();

	private static final WsClient CLIENT = WsClient.create();

	private final RecordingListener listener = new RecordingListener();

	private final List<AutoCloseable> resources = new ArrayList<>();

	@AfterAll
	static void closeClient() {
		CLIENT.close();
	}

	@AfterEach
	void close() throws Exception {
		for (AutoCloseable resource : this.resources) {
			resource.close();
		}
	}

	static Stream<Arguments> ways() {
		return Stream.of("TLSv1.2", "TLSv1.3")
			.flatMap((protocol) -> Stream.of(Way.values())
				.flatMap((way) -> Stream.of(WsTls.Provider.JDK, WsTls.Provider.OPENSSL)
					.filter((provider) -> provider == WsTls.Provider.JDK || OpenSsl.isAvailable())
					.map((provider) -> Arguments.of(protocol, way, provider))));
	}

	private WsConnection connect(String protocol, Way way, WsTls.Provider provider, Script script) {
		return connect(protocol, way, provider, script, (options) -> options);
	}

	private WsConnection connect(String protocol, Way way, WsTls.Provider provider, Script script,
			UnaryOperator<WsOptions.Builder> more) {
		ScriptedServer server = keep(new ScriptedServer((connection) -> {
			script.run(connection);
			connection.sendFin();
			connection.stall();
		}));
		return connect(
				new TlsFront(CERTIFICATES.serverContext(CERTIFICATES.issue("localhost")), protocol, server.port()), way,
				provider, more);
	}

	private WsConnection connect(TlsFront front, Way way, WsTls.Provider provider,
			UnaryOperator<WsOptions.Builder> more) {
		keep(front);
		WsOptions.Builder options = WsOptions.builder(front.uri())
			.tls(WsTls.defaults().withTrust(CERTIFICATES.trusted()).withProvider(provider).withHandshakeTimeout(LONG))
			.connectTimeout(LONG)
			.handshakeTimeout(LONG)
			.closeTimeout(LONG)
			.reconnect(Reconnect.exponential(LONG, LONG).withJitter(0));
		switch (way) {
			case DIRECT -> {
			}
			case HTTP_PROXY -> options.proxy(WsProxy.http("127.0.0.1", keep(new HttpTunnel()).port()));
			case SOCKS_PROXY -> options.proxy(WsProxy.socks5("127.0.0.1", keep(new SocksServer(null, null)).port()));
		}
		WsConnection connection = CLIENT.connect(more.apply(options).build(), this.listener);
		this.resources.add(0, connection::abort);
		return connection;
	}

	private <T extends AutoCloseable> T keep(T resource) {
		this.resources.add(resource);
		return resource;
	}

	private WsException awaitError() {
		await().atMost(PATIENCE).until(() -> !this.listener.errors.isEmpty());
		return (WsException) this.listener.errors.get(0);
	}

	private WsCloseEvent awaitClose() {
		await().atMost(PATIENCE).until(() -> !this.listener.closes.isEmpty());
		return this.listener.closes.get(0);
	}

	@ParameterizedTest
	@MethodSource("ways")
	void closeNotifyAsSoonAsTlsIsUpFailsTheAttempt(String protocol, Way way, WsTls.Provider provider) {
		connect(new TlsFront(CERTIFICATES.serverContext(CERTIFICATES.issue("localhost")), protocol), way, provider,
				(options) -> options);
		assertThat(awaitError().phase()).isIn(Phase.TLS, Phase.HANDSHAKE);
		assertThat(this.listener.calls).doesNotContain("open");
	}

	@ParameterizedTest
	@MethodSource("ways")
	void closeNotifyInPlaceOfAnAnswerFailsTheHandshake(String protocol, Way way, WsTls.Provider provider) {
		connect(protocol, way, provider, (connection) -> connection.readRequest());
		assertThat(awaitError()).isInstanceOf(WsHandshakeException.class)
			.hasMessageContaining("without an answer to the handshake");
	}

	@ParameterizedTest
	@MethodSource("ways")
	void closeNotifyWithinTheHeadFailsTheHandshake(String protocol, Way way, WsTls.Provider provider) {
		connect(protocol, way, provider, (connection) -> {
			connection.readRequest();
			connection.write("HTTP/1.1 101 Switching Protocols\r\nUpgrade: web");
		});
		assertThat(awaitError()).isInstanceOf(WsHandshakeException.class)
			.hasMessageContaining("within the head of its answer");
	}

	@ParameterizedTest
	@MethodSource("ways")
	void closeNotifyEndsTheBodyOfARefusal(String protocol, Way way, WsTls.Provider provider) {
		connect(protocol, way, provider, (connection) -> {
			connection.readRequest();
			connection.write("HTTP/1.1 503 Service Unavailable\r\n\r\nback at noon");
		});
		assertThat(awaitError()).isInstanceOfSatisfying(WsHandshakeException.class, (error) -> {
			assertThat(error.statusCode()).isEqualTo(503);
			assertThat(error.body()).isEqualTo("back at noon");
		});
	}

	@ParameterizedTest
	@MethodSource("ways")
	void closeNotifyEndsAnOpenSession(String protocol, Way way, WsTls.Provider provider) {
		WsConnection connection = connect(protocol, way, provider,
				(server) -> server.accept(Frames.text("one"), Frames.text("two")));
		WsCloseEvent end = awaitClose();
		assertThat(end.status()).isEqualTo(CloseStatus.ABNORMAL);
		assertThat(end.initiator()).isEqualTo(WsCloseEvent.Initiator.NETWORK);
		assertThat(end.clean()).isFalse();
		assertThat(awaitError()).hasMessageContaining("close_notify").hasMessageContaining("without a Close frame");
		assertThat(this.listener.texts()).as("what came before").containsExactly("one", "two");
		await().atMost(PATIENCE).until(() -> connection.state() == WsState.BACKOFF);
		assertThat(connection.send("into nothing")).failsWithin(PATIENCE)
			.withThrowableOfType(java.util.concurrent.ExecutionException.class)
			.withCauseInstanceOf(WsSendException.class);
	}

	@ParameterizedTest
	@MethodSource("ways")
	void closeNotifyEndsAPausedSessionBehindWhatCame(String protocol, Way way, WsTls.Provider provider) {
		WsConnection connection = connect(protocol, way, provider, (server) -> {
			server.accept();
			server.readFrame();
			server.write(Frames.text("answer"));
		});
		connection.send("question");
		await().atMost(PATIENCE).until(() -> this.listener.texts().equals(List.of("answer")));
		connection.pause();
		connection.resume();
		assertThat(awaitClose().status()).isEqualTo(CloseStatus.ABNORMAL);
	}

	@ParameterizedTest
	@MethodSource("ways")
	void closeNotifyBehindTheAnswerToOurCloseFrameEndsTheSessionCleanly(String protocol, Way way,
			WsTls.Provider provider) {
		WsConnection connection = connect(protocol, way, provider, (server) -> {
			server.accept();
			server.readUntilClose();
			server.write(Frames.close(1000));
		});
		assertThat(connection.whenOpen()).succeedsWithin(PATIENCE);
		assertThat(connection.close()).succeedsWithin(PATIENCE);
		assertThat(awaitClose().clean()).isTrue();
		assertThat(this.listener.errors).isEmpty();
	}

	@ParameterizedTest
	@MethodSource("ways")
	void closeNotifyInPlaceOfAnAnswerToOurCloseFrameEndsTheSession(String protocol, Way way, WsTls.Provider provider) {
		WsConnection connection = connect(protocol, way, provider, (server) -> {
			server.accept();
			server.readUntilClose();
		});
		assertThat(connection.whenOpen()).succeedsWithin(PATIENCE);
		assertThat(connection.close()).succeedsWithin(PATIENCE);
		assertThat(awaitClose().clean()).isFalse();
	}

	@ParameterizedTest
	@MethodSource("ways")
	void closeNotifyBehindTheServersCloseFrameEndsTheSessionCleanly(String protocol, Way way, WsTls.Provider provider) {
		connect(protocol, way, provider, (server) -> {
			server.accept(Frames.close(1001));
			server.readUntilClose();
		});
		WsCloseEvent end = awaitClose();
		assertThat(end.status().code()).isEqualTo(1001);
		assertThat(end.clean()).isTrue();
	}

	@ParameterizedTest
	@MethodSource("ways")
	void closeNotifyGluedToTheServersCloseFrameEndsTheSession(String protocol, Way way, WsTls.Provider provider) {
		connect(protocol, way, provider, (server) -> server.accept(Frames.close(1001)));
		assertThat(awaitClose().status().code()).isEqualTo(1001);
	}

	@ParameterizedTest
	@MethodSource("ways")
	void closeNotifyBehindAViolationEndsTheSession(String protocol, Way way, WsTls.Provider provider) {
		connect(protocol, way, provider, (server) -> {
			server.accept(Frames.frame(0x83, new byte[0]));
			server.readUntilClose();
		});
		assertThat(awaitClose().status().code()).isEqualTo(1002);
	}

	/**
	 * How the server is reached.
	 */
	enum Way {

		DIRECT, HTTP_PROXY, SOCKS_PROXY

	}

}
