package dev.wsclient.internal.protocol.handshake;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link HandshakeRequest}.
 */
class HandshakeRequestTests {

	private static final byte[] KEY = "the sample nonce".getBytes(StandardCharsets.US_ASCII);

	@Test
	void requestIsThatOfTheSpecification() {
		HandshakeRequest request = new HandshakeRequest(URI.create("ws://server.example.com/chat"), KEY,
				Map.of("Origin", List.of("http://example.com")), List.of("chat", "superchat"));
		assertThat(write(request)).isEqualTo("""
				GET /chat HTTP/1.1\r
				Host: server.example.com\r
				Upgrade: websocket\r
				Connection: Upgrade\r
				Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
				Sec-WebSocket-Version: 13\r
				Sec-WebSocket-Protocol: chat, superchat\r
				Origin: http://example.com\r
				\r
				""");
		assertThat(request.expectedAccept()).isEqualTo("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
	}

	@ParameterizedTest
	@CsvSource({ "ws://h, /", "ws://h?, /?", "ws://h/, /", "ws://h?q=1, /?q=1", "ws://h/a%20b?x=%3D&y, /a%20b?x=%3D&y",
			"ws://h/a//b/, /a//b/", "ws://h/gr\u00fcn?\u20ac, /gr%C3%BCn?%E2%82%AC" })
	void targetIsPathAndQueryAsTheyWereWritten(String uri, String target) {
		assertThat(write(request(uri))).startsWith("GET " + target + " HTTP/1.1\r\n");
	}

	@ParameterizedTest
	@CsvSource({ "ws://h, h", "ws://h:80/, h", "wss://h:443, h", "WSS://h:443, h", "ws://h:443, h:443",
			"wss://h:80, h:80", "ws://h:8080, h:8080", "ws://127.0.0.1:9, 127.0.0.1:9", "ws://[::1], [::1]",
			"wss://[::1]:8443, [::1]:8443", "ws://[fe80::1%25eth0]:81/, [fe80::1]:81" })
	void hostHasBracketsAndNoDefaultPort(String uri, String host) {
		assertThat(write(request(uri))).contains("\r\nHost: " + host + "\r\n");
	}

	@Test
	void hostOfTheUserReplacesOurs() {
		String request = write(
				new HandshakeRequest(URI.create("ws://h"), KEY, Map.of("hOST", List.of("other")), List.of()));
		assertThat(request).contains("\r\nHost: other\r\n").doesNotContain("Host: h\r\n").doesNotContain("hOST");
	}

	@Test
	void severalValuesAreSeveralLines() {
		String request = write(
				new HandshakeRequest(URI.create("ws://h"), KEY, Map.of("X", List.of("1", "\u00fc")), List.of()));
		assertThat(request).endsWith("\r\nX: 1\r\nX: \u00fc\r\n\r\n");
	}

	@ParameterizedTest
	@ValueSource(strings = { "a\r\nb", "a\nb", "a\0", "a\u007f", "\u20ac" })
	void valueThatWouldBreakTheRequestIsRefusedWithoutBeingShown(String value) {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> new HandshakeRequest(URI.create("ws://h"), KEY, Map.of("X", List.of(value)), List.of()))
			.withMessageStartingWith("Value of header 'X' has a character at index ")
			.withMessageNotContaining(value);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "a b", "a:", "a\r\n", "\u00fc" })
	void nameThatIsNoTokenIsRefused(String name) {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> new HandshakeRequest(URI.create("ws://h"), KEY, Map.of(name, List.of("x")), List.of()))
			.withMessageStartingWith("A header name must be a token (RFC 9110, 5.6.2), was ");
		assertThatIllegalArgumentException()
			.isThrownBy(() -> new HandshakeRequest(URI.create("ws://h"), KEY, Map.of(), List.of(name)))
			.withMessageStartingWith("A subprotocol must be a token (RFC 9110, 5.6.2), was ");
	}

	@ParameterizedTest
	@ValueSource(strings = { "Connection", "UPGRADE", "sec-websocket-key", "Content-Length" })
	void headerOfTheHandshakeIsRefused(String name) {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> new HandshakeRequest(URI.create("ws://h"), KEY, Map.of(name, List.of("x")), List.of()))
			.withMessage("Header '" + name + "' belongs to the handshake and can't be set");
	}

	@Test
	void keyOfWrongSizeIsRefused() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> new HandshakeRequest(URI.create("ws://h"), new byte[15], Map.of(), List.of()))
			.withMessage("Key must be of 16 bytes, was of 15");
		assertThatIllegalArgumentException()
			.isThrownBy(() -> new HandshakeRequest(URI.create("ws:///x"), KEY, Map.of(), List.of()))
			.withMessageStartingWith("url has no valid host");
	}

	@Test
	void secretsAreNotPrinted() {
		assertThat(new HandshakeRequest(URI.create("ws://h/p?token=secret"), KEY, Map.of("Cookie", List.of("secret")),
				List.of("v1")))
			.hasToString("HandshakeRequest[host=h, path=/p, headers=[Cookie], subprotocols=[v1]]");
	}

	private static HandshakeRequest request(String uri) {
		return new HandshakeRequest(URI.create(uri), KEY, Map.of(), List.of());
	}

	private static String write(HandshakeRequest request) {
		ByteBuf out = Unpooled.buffer();
		request.writeTo(out);
		return out.toString(StandardCharsets.ISO_8859_1);
	}

}
