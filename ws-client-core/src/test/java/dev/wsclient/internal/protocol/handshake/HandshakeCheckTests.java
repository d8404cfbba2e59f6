package dev.wsclient.internal.protocol.handshake;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

import io.netty.buffer.ByteBuf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.wsclient.WsHandshakeResponse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Tests for {@link HandshakeCheck}.
 */
class HandshakeCheckTests {

	private static final byte[] KEY = "the sample nonce".getBytes(StandardCharsets.US_ASCII);

	private static final String STATUS = "HTTP/1.1 101 Switching Protocols\r\n";

	private static final String UPGRADE = "Upgrade: websocket\r\n";

	private static final String CONNECTION = "Connection: Upgrade\r\n";

	private static final String ACCEPT = "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n";

	@Test
	void validAnswerOpensASession() {
		WsHandshakeResponse response = check(STATUS + UPGRADE + CONNECTION + ACCEPT);
		assertThat(response.statusCode()).isEqualTo(101);
		assertThat(response.subprotocol()).isNull();
		assertThat(response.extensions()).isEmpty();
		assertThat(response.headers().firstValue("upgrade")).contains("websocket");
	}

	@ParameterizedTest
	@ValueSource(strings = { "upgrade: WebSocket\r\nconnection: keep-alive, UPGRADE\r\n",
			"UPGRADE:websocket\r\nConnection: keep-alive\r\nConnection: x,\tupgrade ,y\r\n" })
	void tokensAreComparedWithoutRegardToCase(String fields) {
		assertThat(check(STATUS + fields + ACCEPT).statusCode()).isEqualTo(101);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', value = { "'' | absent", "'Upgrade: h2c' | 'h2c'", "'Upgrade: ' | ''",
			"'Upgrade: websocket, x' | 'websocket, x'" })
	void wrongUpgradeIsRefused(String field, String seen) {
		assertRefused(STATUS + field(field) + CONNECTION + ACCEPT,
				"Upgrade must be 'websocket', but was " + quoted(seen) + " (RFC 6455, 4.1)");
	}

	@Test
	void repeatedUpgradeIsRefused() {
		assertRefused(STATUS + UPGRADE + UPGRADE + CONNECTION + ACCEPT,
				"Upgrade must be 'websocket', but was 'websocket' and 'websocket' (RFC 6455, 4.1)");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			value = { "'' | absent", "Connection: keep-alive | keep-alive", "Connection: upgraded | upgraded" })
	void wrongConnectionIsRefused(String field, String seen) {
		assertRefused(STATUS + UPGRADE + field(field) + ACCEPT, "Connection must contain 'Upgrade', but was "
				+ (seen.equals("absent") ? seen : "'" + seen + "'") + " (RFC 6455, 4.1)");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', value = { "'' | absent", "Sec-WebSocket-Accept: x | 'x'",
			"Sec-WebSocket-Accept: S3pPLMBiTxaQ9kYGzzhZRbK+xOo= | 'S3pPLMBiTxaQ9kYGzzhZRbK+xOo='" })
	void wrongAcceptIsRefused(String field, String seen) {
		assertRefused(STATUS + UPGRADE + CONNECTION + field(field), accept(quoted(seen)));
	}

	@Test
	void repeatedAcceptIsRefused() {
		assertRefused(STATUS + UPGRADE + CONNECTION + ACCEPT + ACCEPT,
				accept("'s3pPLMBiTxaQ9kYGzzhZRbK+xOo=' and 's3pPLMBiTxaQ9kYGzzhZRbK+xOo='"));
	}

	@Test
	void longValueIsShownInPart() {
		assertRefused(STATUS + UPGRADE + CONNECTION + "Sec-WebSocket-Accept: " + "x".repeat(500) + "\r\n",
				accept("'" + "x".repeat(80) + "...'"));
	}

	private static String accept(String seen) {
		return "Sec-WebSocket-Accept must be 's3pPLMBiTxaQ9kYGzzhZRbK+xOo=', but was " + seen
				+ "; the answer may be that of another request, from a cache or a broken proxy (RFC 6455, 4.1)";
	}

	@Test
	void offeredSubprotocolIsTaken() {
		assertThat(check(STATUS + UPGRADE + CONNECTION + ACCEPT + "Sec-WebSocket-Protocol: v1\r\n", "v2", "v1")
			.subprotocol()).isEqualTo("v1");
		assertThat(check(STATUS + UPGRADE + CONNECTION + ACCEPT, "v2", "v1").subprotocol()).isNull();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', value = { "v3 | 'v3'", "V1 | 'V1'", "'v1, v2' | 'v1, v2'", "'' | ''" })
	void otherSubprotocolIsRefused(String subprotocol, String seen) {
		assertRefused(STATUS + UPGRADE + CONNECTION + ACCEPT + "Sec-WebSocket-Protocol: " + subprotocol + "\r\n",
				"Sec-WebSocket-Protocol must be absent or one of [v1, v2], but was " + quoted(seen)
						+ " (RFC 6455, 4.1)",
				"v1", "v2");
	}

	@Test
	void subprotocolWithoutOfferIsRefused() {
		assertRefused(STATUS + UPGRADE + CONNECTION + ACCEPT + "Sec-WebSocket-Protocol: v1\r\n",
				"Sec-WebSocket-Protocol must be absent as none was offered, but was 'v1' (RFC 6455, 4.1)");
	}

	@Test
	void repeatedSubprotocolIsRefused() {
		assertRefused(STATUS + UPGRADE + CONNECTION + ACCEPT + "Sec-WebSocket-Protocol: v1\r\n".repeat(2),
				"Sec-WebSocket-Protocol must be absent or one of [v1], but was 'v1' and 'v1' (RFC 6455, 4.1)", "v1");
	}

	@Test
	void extensionWithoutOfferIsRefused() {
		assertRefused(STATUS + UPGRADE + CONNECTION + ACCEPT + "Sec-WebSocket-Extensions: permessage-deflate\r\n",
				"Sec-WebSocket-Extensions must be absent as none was offered, but was 'permessage-deflate' "
						+ "(RFC 6455, 4.1 and 9.1)");
		assertThat(check(STATUS + UPGRADE + CONNECTION + ACCEPT + "Sec-WebSocket-Extensions:\r\n").extensions())
			.isEmpty();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', value = {
			"200 OK | something answers plain HTTP there: check that the URL is that of a WebSocket endpoint",
			"302 Found | the server redirects: switch followRedirects on, or configure the URL that the Location header names",
			"400 Bad Request | the server takes the request for malformed: see the body of the answer",
			"401 Unauthorized | the server wants credentials: set a header such as Authorization or Cookie",
			"403 Forbidden | the server refuses these credentials, this Origin or this address",
			"404 Not Found | there is nothing at this path: check the URL", "407 Proxy | a proxy wants credentials",
			"426 Upgrade Required | the server wants another protocol or version than WebSocket 13",
			"429 Too Many Requests | too many requests: try again later",
			"418 I'm a teapot | see the body of the answer",
			"503 Service Unavailable | the server, or a proxy in front of it, has a problem: try again later" })
	void refusalCarriesStatusHeadersBodyAndAHint(String status, String hint) {
		HandshakeFailure failure = failure("HTTP/1.1 " + status
				+ "\r\nSet-Cookie: secret\r\nLocation: wss://h/?secret\r\nContent-Length: 5\r\n\r\nHello");
		assertThat(failure).hasMessage(
				"Status must be 101, but the answer was 'HTTP/1.1 " + status + "'; " + hint + " (RFC 6455, 4.1)");
		assertThat(failure.statusCode()).isEqualTo(Integer.parseInt(status, 0, 3, 10));
		assertThat(failure.headers().firstValue("Set-Cookie")).contains("secret");
		assertThat(failure.body()).asString(StandardCharsets.UTF_8).isEqualTo("Hello");
		assertThat(failure.getStackTrace()).isEmpty();
	}

	private static void assertRefused(String fields, String message, String... subprotocols) {
		HandshakeFailure failure = failure(fields, subprotocols);
		assertThat(failure).hasMessage(message);
		assertThat(failure.statusCode()).isEqualTo(101);
		assertThat(failure.body()).isEmpty();
	}

	private static HandshakeFailure failure(String head, String... subprotocols) {
		return catchThrowableOfType(HandshakeFailure.class, () -> check(head, subprotocols));
	}

	private static WsHandshakeResponse check(String head, String... subprotocols) {
		HandshakeResponseReader reader = new HandshakeResponseReader(10_000);
		ByteBuf in = HandshakeResponseReaderTests.bytes(head.contains("\r\n\r\n") ? head : head + "\r\n");
		assertThat(reader.read(in)).isTrue();
		assertThat(reader.readBody(in)).isTrue();
		HandshakeRequest request = new HandshakeRequest(URI.create("ws://h"), KEY, Map.of(), List.of(subprotocols));
		return HandshakeCheck.check(request, reader).response();
	}

	private static String field(String field) {
		return field.isEmpty() ? "" : field + "\r\n";
	}

	private static String quoted(String seen) {
		return (seen.equals("absent") || seen.startsWith("'")) ? seen : "'" + seen + "'";
	}

}
