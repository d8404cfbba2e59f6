package dev.wsclient;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import dev.wsclient.WsCloseEvent.Initiator;
import dev.wsclient.options.Reconnect;
import dev.wsclient.options.WsOptions;
import dev.wsclient.testserver.JettyServer;
import dev.wsclient.testserver.NettyServer;
import dev.wsclient.testserver.ServerSession;
import dev.wsclient.testserver.TestServer;
import dev.wsclient.testserver.TomcatServer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What the client does with servers that people run.
 */
class RealServerIntegrationTests {

	private static final List<TestServer> SERVERS = List.of(new TomcatServer(), new JettyServer(), new NettyServer());

	private static final WsClient CLIENT = WsClient.create();

	private final RecordingListener listener = new RecordingListener();

	@SuppressWarnings("NullAway.Init") // set before the tests
	private WsConnection connection;

	@SuppressWarnings("NullAway.Init") // set before the tests
	private TestServer server;

	@BeforeAll
	static void startServers() {
		SERVERS.forEach(TestServer::start);
	}

	@AfterAll
	static void stop() {
		CLIENT.close();
		SERVERS.forEach(TestServer::close);
	}

	static Stream<TestServer> servers() {
		return SERVERS.stream();
	}

	@AfterEach
	void close() {
		this.connection.abort();
		this.server.greetWith();
	}

	private WsOptions.Builder options(TestServer server) {
		this.server = server;
		return WsOptions.builder(server.uri())
			.reconnect(Reconnect.exponential(Duration.ofMillis(20), Duration.ofMillis(100)));
	}

	private ServerSession open(TestServer server) {
		return open(server, options(server));
	}

	private ServerSession open(TestServer server, WsOptions.Builder options) {
		int sessions = server.sessions();
		this.connection = CLIENT.connect(options.build(), this.listener);
		await().until(this.connection::isOpen);
		return server.session(sessions + 1);
	}

	@ParameterizedTest(autoCloseArguments = false)
	@MethodSource("servers")
	void textIsEchoed(TestServer server) {
		ServerSession session = open(server);
		this.connection.send("hello");
		await().untilAsserted(() -> assertThat(this.listener.texts()).containsExactly("hello"));
		assertThat(session.texts()).containsExactly("hello");
	}

	@ParameterizedTest(autoCloseArguments = false)
	@MethodSource("servers")
	void binaryIsEchoed(TestServer server) {
		ServerSession session = open(server);
		byte[] payload = { 0, 1, -1, 127, -128 };
		this.connection.send(payload);
		await().untilAsserted(() -> assertThat(this.listener.messages).hasSize(1));
		assertThat(this.listener.messages.get(0).isText()).isFalse();
		assertThat(this.listener.messages.get(0).bytes()).isEqualTo(payload);
		assertThat(session.binaries().get(0)).isEqualTo(payload);
	}

	@ParameterizedTest(autoCloseArguments = false)
	@MethodSource("servers")
	void emptyMessagesKeepTheirType(TestServer server) {
		open(server);
		this.connection.send("");
		this.connection.send(new byte[0]);
		await().untilAsserted(() -> assertThat(this.listener.messages).hasSize(2));
		assertThat(this.listener.messages).extracting(WsMessage::isText).containsExactly(true, false);
		assertThat(this.listener.messages).extracting(WsMessage::size).containsOnly(0);
	}

	@ParameterizedTest(autoCloseArguments = false)
	@MethodSource("servers")
	void messagesOfOneMebibyteAreEchoed(TestServer server) {
		open(server, options(server).sendBufferSize(4 * 1024 * 1024));
		String text = "0123456789abcdef".repeat(64 * 1024);
		byte[] bytes = new byte[1024 * 1024];
		Arrays.fill(bytes, (byte) 0xa5);
		this.connection.send(text);
		this.connection.send(bytes);
		// Leak detection makes every access to a buffer slow
		await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> assertThat(this.listener.messages).hasSize(2));
		assertThat(this.listener.messages.get(0).text()).isEqualTo(text);
		assertThat(this.listener.messages.get(1).bytes()).isEqualTo(bytes);
	}

	@ParameterizedTest(autoCloseArguments = false)
	@MethodSource("servers")
	void textOfAllUtf8LengthsIsEchoed(TestServer server) {
		ServerSession session = open(server);
		String text = "a\u00e9\u20ac\ud83d\ude00\u0000\uffff\udbff\udfff";
		this.connection.send(text);
		await().untilAsserted(() -> assertThat(this.listener.texts()).containsExactly(text));
		assertThat(session.texts()).containsExactly(text);
	}

	@ParameterizedTest(autoCloseArguments = false)
	@MethodSource("servers")
	void pingOfServerIsAnsweredAndTold(TestServer server) {
		ServerSession session = open(server);
		session.sendPing("are you there");
		await().untilAsserted(() -> assertThat(session.pongs()).containsExactly("are you there"));
		assertThat(this.listener.pings).containsExactly("are you there");
	}

	@ParameterizedTest(autoCloseArguments = false)
	@MethodSource("servers")
	void pingOfUserIsAnswered(TestServer server) {
		open(server);
		this.connection.ping(ByteBuffer.wrap("ping".getBytes(StandardCharsets.UTF_8)));
		await().untilAsserted(() -> assertThat(this.listener.pongs).containsExactly("ping"));
	}

	@ParameterizedTest(autoCloseArguments = false)
	@MethodSource("servers")
	void keepAlivePingsMeasureTheRoundTrip(TestServer server) {
		open(server, options(server).pingInterval(Duration.ofMillis(20)));
		await().untilAsserted(() -> assertThat(this.listener.pongs).hasSizeGreaterThan(3));
		assertThat(this.connection.snapshot().roundTrip()).isNotNull().isPositive();
		assertThat(this.connection.isOpen()).isTrue();
	}

	@ParameterizedTest(autoCloseArguments = false)
	@MethodSource("servers")
	void fragmentedMessageWithPingInBetweenIsOneMessage(TestServer server) {
		ServerSession session = open(server);
		session.sendFragment("one ", true, false);
		session.sendPing("between");
		session.sendFragment("two ", false, false);
		session.sendFragment("three", false, true);
		await().untilAsserted(() -> assertThat(this.listener.texts()).containsExactly("one two three"));
		assertThat(this.listener.pings).containsExactly("between");
		await().untilAsserted(() -> assertThat(session.pongs()).containsExactly("between"));
	}

	@ParameterizedTest(autoCloseArguments = false)
	@MethodSource("servers")
	void closeOfClientIsCleanAndFinal(TestServer server) {
		ServerSession session = open(server);
		assertThat(this.connection.close(new CloseStatus(4321, "tsch\u00fcss"))).succeedsWithin(Duration.ofSeconds(5));
		await().untilAsserted(() -> assertThat(session.closed()).isEqualTo("4321 tsch\u00fcss"));
		WsCloseEvent event = this.listener.closes.get(0);
		assertThat(event.initiator()).isEqualTo(Initiator.CLIENT);
		assertThat(event.clean()).isTrue();
		assertThat(event.status()).isEqualTo(new CloseStatus(4321, "tsch\u00fcss"));
		assertThat(event.willReconnect()).isFalse();
		assertThat(this.listener.errors).isEmpty();
		assertThat(this.connection.state()).isEqualTo(WsState.CLOSED);
	}

	@ParameterizedTest(autoCloseArguments = false)
	@MethodSource("servers")
	void closeOfServerIsCleanAndReconnects(TestServer server) {
		ServerSession session = open(server);
		int sessions = server.sessions();
		session.close(1000, "");
		expectServerClose(new CloseStatus(1000, ""));
		server.session(sessions + 1).close(1001, "restart");
		await().until(() -> this.listener.closes.size() == 2);
		server.session(sessions + 2).close(4000, "my reason");
		await().until(() -> this.listener.closes.size() == 3);
		assertThat(this.listener.closes).extracting(WsCloseEvent::status)
			.containsExactly(new CloseStatus(1000, ""), new CloseStatus(1001, "restart"),
					new CloseStatus(4000, "my reason"));
		assertThat(this.listener.closes).allMatch(WsCloseEvent::clean)
			.allMatch(WsCloseEvent::willReconnect)
			.allMatch((event) -> event.initiator() == Initiator.SERVER);
		assertThat(this.listener.errors).isEmpty();
		server.session(sessions + 3);
	}

	private void expectServerClose(CloseStatus status) {
		await().until(() -> this.listener.closes.size() == 1);
		assertThat(this.listener.closes.get(0)).isEqualTo(new WsCloseEvent(status, Initiator.SERVER, true, null, true));
	}

	@ParameterizedTest(autoCloseArguments = false)
	@MethodSource("servers")
	void subprotocolIsNegotiated(TestServer server) {
		open(server, options(server).subprotocols("other", "chat"));
		assertThat(this.listener.opens.get(0).subprotocol()).isEqualTo("chat");
	}

	@ParameterizedTest(autoCloseArguments = false)
	@MethodSource("servers")
	void withoutOfferThereIsNoSubprotocol(TestServer server) {
		open(server);
		assertThat(this.listener.opens.get(0).subprotocol()).isNull();
	}

	@ParameterizedTest(autoCloseArguments = false)
	@MethodSource("servers")
	void headersCookiesAndOriginReachTheServer(TestServer server) {
		ServerSession session = open(server,
				options(server).header("X-Key", "value")
					.header("Cookie", "a=1; b=2")
					.origin("https://app.example")
					.header("X-Twice", "one")
					.header("X-Twice", "two"));
		assertThat(session.headers("X-Key")).containsExactly("value");
		assertThat(session.headers("Cookie")).containsExactly("a=1; b=2");
		assertThat(session.headers("Origin")).containsExactly("https://app.example");
		assertThat(session.headers("X-Twice")).containsExactly("one", "two");
		assertThat(session.headers("Host")).containsExactly(server.uri().substring(5, server.uri().length() - 3));
	}

	@ParameterizedTest(autoCloseArguments = false)
	@MethodSource("servers")
	void messagesSentAtOnceAfterTheAnswerAreDelivered(TestServer server) {
		server.greetWith("one", "two", "three");
		open(server, options(server));
		await().untilAsserted(() -> assertThat(this.listener.texts()).containsExactly("one", "two", "three"));
	}

	@ParameterizedTest(autoCloseArguments = false)
	@MethodSource("servers")
	void restartOfTheServerIsSurvived(TestServer server) {
		open(server);
		this.connection.send("before");
		await().until(() -> this.listener.messages.size() == 1);
		server.stop();
		await().until(() -> !this.connection.isOpen());
		int sessions = server.sessions();
		server.start();
		server.session(sessions + 1);
		await().until(this.connection::isOpen);
		this.connection.send("after");
		await().untilAsserted(() -> assertThat(this.listener.texts()).containsExactly("before", "after"));
		assertThat(this.listener.closes).hasSize(1);
		assertThat(this.listener.closes.get(0).willReconnect()).isTrue();
		assertThat(this.connection.snapshot().sessions()).isEqualTo(2);
	}

}
