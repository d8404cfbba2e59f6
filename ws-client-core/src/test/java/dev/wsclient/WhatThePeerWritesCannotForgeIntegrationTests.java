package dev.wsclient;

import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.core.AppenderBase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

import dev.wsclient.exception.WsHandshakeException;
import dev.wsclient.options.Reconnect;
import dev.wsclient.options.WsOptions;
import dev.wsclient.options.WsProxy;
import dev.wsclient.testserver.Frames;
import dev.wsclient.testserver.ScriptedServer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Whatever text a peer sends, by whichever way it reaches logs and errors: nothing in it
 * is more than text there.
 */
class WhatThePeerWritesCannotForgeIntegrationTests {

	private static final Pattern FORGING = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}\\p{Cs}]");

	/**
	 * All control and format characters and separators of Unicode, as far as UTF-8 has
	 * them.
	 */
	private static final List<String> CHARACTERS = IntStream.rangeClosed(0, Character.MAX_CODE_POINT)
		.filter((codePoint) -> Character.getType(codePoint) != Character.SURROGATE)
		.mapToObj(Character::toString)
		.filter((character) -> FORGING.matcher(character).find())
		.toList();

	private static final String C1 = IntStream.rangeClosed(0x7F, 0xA0)
		.collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
		.substring(1);

	private final Logger logger = (Logger) LoggerFactory.getLogger("dev.wsclient");

	private final List<String> printed = new CopyOnWriteArrayList<>();

	private final AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {

		@Override
		protected void append(ILoggingEvent event) {
			WhatThePeerWritesCannotForgeIntegrationTests.this.printed.add(event.getFormattedMessage());
			WhatThePeerWritesCannotForgeIntegrationTests.this.printed
				.addAll(event.getMDCPropertyMap().values().stream().toList());
			for (IThrowableProxy error = event.getThrowableProxy(); error != null; error = error.getCause()) {
				WhatThePeerWritesCannotForgeIntegrationTests.this.printed.add(String.valueOf(error.getMessage()));
			}
		}

	};

	private final RecordingListener listener = new RecordingListener();

	@BeforeEach
	void captureLogs() {
		this.appender.start();
		this.logger.setLevel(Level.TRACE);
		this.logger.setAdditive(false);
		this.logger.addAppender(this.appender);
	}

	@AfterEach
	void release() {
		this.logger.detachAppender(this.appender);
		this.logger.setAdditive(true);
		this.logger.setLevel(null);
	}

	/**
	 * Connects once and looks at all that can be printed of it.
	 */
	private void expectNothingForged(WsOptions.Builder options, String expected) {
		try (WsClient client = WsClient.create()) {
			WsConnection connection = client.connect(options.reconnect(Reconnect.never()).build(), this.listener);
			await().until(() -> connection.state() == WsState.CLOSED
					&& !(this.listener.errors.isEmpty() && this.listener.closes.isEmpty()));
			this.printed.add(connection.toString());
			this.printed.add(connection.uri());
			this.printed.add(connection.snapshot().toString());
			this.listener.opens.forEach((response) -> this.printed.add(response.toString()));
			this.listener.closes.forEach((event) -> this.printed.add(event.toString()));
			for (Throwable each : this.listener.errors) {
				for (Throwable error = each; error != null; error = error.getCause()) {
					this.printed.add(error.toString());
				}
			}
		}
		assertThat(this.printed).anySatisfy((text) -> assertThat(text).contains(expected));
		assertThat(this.printed)
			.allSatisfy((text) -> assertThat(text).doesNotContainPattern(FORGING).hasSizeLessThan(5000));
	}

	private static ScriptedServer answering(String answer) {
		return new ScriptedServer((connection) -> {
			connection.readRequest();
			connection.write(answer.getBytes(StandardCharsets.ISO_8859_1));
		});
	}

	private void expectNothingForged(String answer, String expected) {
		try (ScriptedServer server = answering(answer)) {
			expectNothingForged(WsOptions.builder(server.uri()).followRedirects(true), expected);
		}
	}

	@Test
	void closeReasonWithAnyCharacter() {
		List<String> reasons = new ArrayList<>();
		StringBuilder reason = new StringBuilder();
		for (String character : CHARACTERS) {
			if (reason.toString().getBytes(StandardCharsets.UTF_8).length > 100) {
				reasons.add(reason.toString());
				reason.setLength(0);
			}
			reason.append(character);
		}
		reasons.add(reason.toString());
		for (String each : reasons) {
			this.listener.closes.clear();
			try (ScriptedServer server = new ScriptedServer((connection) -> {
				connection.accept(closeFrame(each));
				connection.readUntilEof();
			})) {
				expectNothingForged(WsOptions.builder(server.uri()), "closed: 4000 (\\");
			}
			assertThat(this.listener.closes.get(0).status().reason()).as("as it came").isEqualTo(each);
		}
	}

	private static byte[] closeFrame(String reason) {
		return Frames.frame(0x88,
				Frames.join(new byte[] { 0x0F, (byte) 0xA0 }, reason.getBytes(StandardCharsets.UTF_8)));
	}

	@ParameterizedTest
	@ValueSource(strings = { "HTTP/1.1 403 %s\r\nContent-Length: 0\r\n\r\n", "HTTP/1.1 403 No%s", "%s", "HTTP/1.0 %s",
			"HTTP/1.1 101 x\r\nUpgrade: %s\r\n\r\n", "HTTP/1.1 101 x\r\nUpgrade: websocket\r\nConnection: %s\r\n\r\n",
			"HTTP/1.1 101 x\r\nUpgrade: websocket\r\nConnection: upgrade\r\nSec-WebSocket-Accept: %s\r\n\r\n",
			"HTTP/1.1 101 x\r\n%s: x\r\n\r\n", "HTTP/1.1 101 x\r\n%s\r\n\r\n",
			"HTTP/1.1 302 x\r\nLocation: %s://x/\r\nContent-Length: 0\r\n\r\n",
			"HTTP/1.1 302 x\r\nLocation: ws://%s/\r\nContent-Length: 0\r\n\r\n",
			"HTTP/1.1 302 x\r\nLocation: ws://localhost:1/%s\r\nContent-Length: 0\r\n\r\n" })
	void answerWithAnyByte(String answer) {
		String utf8 = new String("\u0085\u009b\u2028\u202e".getBytes(StandardCharsets.UTF_8),
				StandardCharsets.ISO_8859_1);
		String controls = IntStream.range(0, 0x20)
			.filter((c) -> c != '\n')
			.collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
			.toString();
		for (String text : List.of(C1, utf8, "x".repeat(20_000), controls)) {
			expectNothingForged(String.format(answer, text), "Connection 'localhost'");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "HTTP/1.1 403 %s\r\nContent-Length: 0\r\n\r\n", "%s\r\n\r\n",
			"HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 403 %s\r\nContent-Length: 0\r\n\r\n" })
	void answerOfAProxy(String answer) {
		try (ScriptedServer proxy = answering(String.format(answer, C1))) {
			expectNothingForged(WsOptions.builder("ws://feed.test/").proxy(WsProxy.http("localhost", proxy.port())),
					"Connection 'feed.test'");
		}
	}

	@Test
	void bodyAndFieldsOfARefusalStayAsTheyCame() {
		String body = "\u202e\n\u0085";
		int length = body.getBytes(StandardCharsets.UTF_8).length;
		String bytes = new String(body.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
		expectNothingForged("HTTP/1.1 403 No\r\nX: \u0085\r\nContent-Length: " + length + "\r\n\r\n" + bytes, "403");
		assertThat(this.listener.errors.get(0)).isInstanceOfSatisfying(WsHandshakeException.class, (error) -> {
			assertThat(error.body()).isEqualTo(body);
			assertThat(error.headers().firstValue("x")).hasValue("\u0085");
		});
	}

	@Test
	void errorsOfUserCodeThatQuoteThePeer() {
		try (ScriptedServer server = new ScriptedServer((connection) -> {
			connection.accept(Stream.of(String.join("", CHARACTERS)).map(Frames::text).toArray(byte[][]::new));
			connection.write(Frames.close(1000));
			connection.readUntilEof();
		})) {
			WsListener quoting = new WsListener() {

				@Override
				public void onText(WsConnection connection, String text) {
					throw new NumberFormatException("For input string: \"" + text + "\"");
				}

			};
			try (WsClient client = WsClient.create()) {
				WsConnection connection = client
					.connect(WsOptions.builder(server.uri()).reconnect(Reconnect.never()).build(), quoting);
				await().until(() -> connection.state() == WsState.CLOSED);
			}
			assertThat(this.printed).anySatisfy((text) -> assertThat(text)
				.startsWith("java.lang.NumberFormatException: For input string: \"\\x00"));
			assertThat(this.printed).allSatisfy((text) -> assertThat(text).doesNotContainPattern(FORGING));
		}
	}

	@Test
	void errorOfTheSupplierThatQuotesAnAnswer() {
		expectNothingForged(WsOptions.builder("ws://localhost:1/").handshakeSupplier((request, attempt) -> {
			throw new IllegalStateException("the token server said \u2028\u202e",
					new CertificateException("CN=\u0085"));
		}), "the token server said \\u2028\\u202E");
	}

}
