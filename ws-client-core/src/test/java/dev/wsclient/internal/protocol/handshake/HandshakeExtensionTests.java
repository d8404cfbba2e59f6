package dev.wsclient.internal.protocol.handshake;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.wsclient.internal.protocol.extension.PerMessageDeflateOffer;
import dev.wsclient.options.Compression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Tests for what {@link HandshakeRequest} says and {@link HandshakeCheck} takes about
 * extensions.
 */
class HandshakeExtensionTests {

	private static final HandshakeRequest REQUEST = new HandshakeRequest(URI.create("ws://h"),
			"the sample nonce".getBytes(StandardCharsets.US_ASCII), Map.of(), List.of(),
			List.of(new PerMessageDeflateOffer(Compression.defaults())));

	@Test
	void offerIsPartOfTheRequest() {
		ByteBuf out = Unpooled.buffer();
		REQUEST.writeTo(out);
		assertThat(out.toString(StandardCharsets.US_ASCII))
			.contains("\r\nSec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n");
	}

	@ParameterizedTest
	@ValueSource(strings = { "permessage-deflate", " permessage-deflate ;\tclient_max_window_bits = 10",
			"permessage-deflate; client_max_window_bits=\"10\"", "permessage-deflate; client_max_window_bits=\"1\\0\"",
			", permessage-deflate; server_no_context_takeover ,", "\r\nSec-WebSocket-Extensions: permessage-deflate" })
	void answerIsTaken(String value) {
		Acceptance acceptance = check(value);
		assertThat(acceptance.extension()).isNotNull();
		assertThat(acceptance.response().extensions()).containsExactly(String.valueOf(acceptance.extension()));
	}

	@Test
	void serverNeedNotTakeTheOffer() {
		assertThat(check("").extension()).isNull();
		assertThat(check(" , ").response().extensions()).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "permessage-deflate;", "permessage-deflate; =1", "permessage-deflate; a=",
			"permessage-deflate; a=\"", "permessage-deflate; a=\"b c\"", "permessage-deflate; a=\"\"",
			"permessage-deflate; a=\"b\\", "permessage-deflate a", "per@", ";", "permessage-deflate; a=b c", "\"x\"" })
	void malformedAnswerIsRefused(String value) {
		assertRefused(value, "Sec-WebSocket-Extensions must be a list of extensions with parameters, but was '"
				+ value.replace("\t", "\\t") + "' (RFC 6455, 9.1)");
	}

	@Test
	void extensionThatWasNotOfferedIsRefused() {
		assertRefused("x-webkit-deflate-frame",
				"Sec-WebSocket-Extensions must be absent or one of [permessage-deflate],"
						+ " but was 'x-webkit-deflate-frame' (RFC 6455, 4.1 and 9.1)");
		assertRefused("permessage-deflate, mux", "Sec-WebSocket-Extensions must be absent or one of "
				+ "[permessage-deflate], but was 'permessage-deflate, mux' (RFC 6455, 4.1 and 9.1)");
	}

	@Test
	void secondPerMessageDeflateIsRefused() {
		assertRefused("permessage-deflate, permessage-deflate",
				"Sec-WebSocket-Extensions must have at most one extension, but was "
						+ "'permessage-deflate, permessage-deflate' (RFC 6455, 9.1)");
	}

	@Test
	void refusalNamesTheParameter() {
		assertRefused("permessage-deflate; client_max_window_bits=\"07\"",
				"permessage-deflate's parameter client_max_window_bits must be an integer in 8 to 15 without leading "
						+ "zeros, but was '07' (RFC 7692, 7.1.2.2)");
	}

	private static void assertRefused(String value, String message) {
		HandshakeFailure failure = catchThrowableOfType(HandshakeFailure.class, () -> check(value));
		assertThat(failure).hasMessage(message);
		assertThat(failure.statusCode()).isEqualTo(101);
	}

	private static Acceptance check(String value) {
		HandshakeResponseReader reader = new HandshakeResponseReader(10_000);
		assertThat(reader.read(HandshakeResponseReaderTests.bytes("HTTP/1.1 101 Switching Protocols\r\n"
				+ "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"
				+ "Sec-WebSocket-Extensions: " + value + "\r\n\r\n")))
			.isTrue();
		return HandshakeCheck.check(REQUEST, reader);
	}

}
