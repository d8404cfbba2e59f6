package dev.wsclient.internal.protocol.handshake;

import java.nio.charset.StandardCharsets;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Tests for {@link HandshakeResponseReader}.
 */
class HandshakeResponseReaderTests {

	private static final String ACCEPTED = """
			HTTP/1.1 101 Switching Protocols\r
			Upgrade: websocket\r
			X-Empty:\r
			X-Many: a\r
			x-many: \t b \t\r
			X-Latin: \u00fc\r
			\r
			""";

	private final HandshakeResponseReader reader = new HandshakeResponseReader(1000);

	@Test
	void everySplitLeavesGluedFramesReadable() {
		String answer = ACCEPTED + "\u0081\u0002hi";
		for (int split = 0; split <= answer.length(); split++) {
			HandshakeResponseReader reader = new HandshakeResponseReader(1000);
			ByteBuf first = bytes(answer.substring(0, split));
			ByteBuf second = bytes(answer.substring(split));
			boolean complete = reader.read(first);
			assertThat(complete).isEqualTo(split >= ACCEPTED.length());
			assertThat(reader.statusCode()).isEqualTo(complete ? 101 : 0);
			assertThat(reader.read(second)).isTrue();
			assertThat(first.readableBytes() + second.readableBytes()).isEqualTo(4);
			assertThat(reader.statusCode()).isEqualTo(101);
			assertThat(reader.headers().allValues("X-MANY")).containsExactly("a", "b");
			assertThat(reader.headers().allValues("X-Empty")).containsExactly("");
			assertThat(reader.headers().firstValue("X-Latin")).contains("\u00fc");
		}
	}

	@Test
	void oneByteAtATimeIsEnough() {
		for (int i = 0; i < ACCEPTED.length(); i++) {
			assertThat(this.reader.read(bytes(ACCEPTED.substring(i, i + 1)))).isEqualTo(i == ACCEPTED.length() - 1);
		}
	}

	@Test
	void linesMayEndInLineFeedAlone() {
		assertThat(this.reader.read(bytes("HTTP/1.1 101\nA: b\n\nrest"))).isTrue();
		assertThat(this.reader.headers().firstValue("a")).contains("b");
	}

	@ParameterizedTest
	@ValueSource(strings = { "HTTP/1.1 100 Continue\r\n\r\n", "HTTP/1.1 102 \r\nA: x\r\n\r\n",
			"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 100\r\n\r\n" })
	void interimAnswersAreSkipped(String interim) {
		assertThat(this.reader.read(bytes(interim))).isFalse();
		assertThat(this.reader.statusCode()).isZero();
		assertThat(this.reader.read(bytes(ACCEPTED))).isTrue();
		assertThat(this.reader.headers().map()).doesNotContainKeys("A", "Link");
	}

	@Test
	void endlessInterimAnswersAreRefused() {
		assertRefused("HTTP/1.1 100 Continue\r\n\r\n".repeat(100),
				"Head of the answer must be of at most 1000 bytes (maxHandshakeSize), but there were more (RFC 9112, 3)");
	}

	@Test
	void headMayBeAsLargeAsTheLimit() {
		String head = "HTTP/1.1 101 x\r\nA: " + "x".repeat(1000 - 23) + "\r\n\r\n";
		assertThat(head).hasSize(1000);
		assertThat(this.reader.read(bytes(head + "frames"))).isTrue();
		assertThat(new HandshakeResponseReader(1001).read(bytes(head))).isTrue();
		HandshakeFailure failure = catchThrowableOfType(HandshakeFailure.class,
				() -> new HandshakeResponseReader(999).read(bytes(head)));
		assertThat(failure).hasMessageStartingWith("Head of the answer must be of at most 999 bytes");
	}

	@ParameterizedTest
	@CsvSource({ "SSH-2.0-OpenSSH, 'SSH-2.0-OpenSSH'", "x, 'x'", "HTTQ, 'HTTQ'", "HTTP/1.1x, 'HTTP/1.1x'",
			"HTTP/1.10 101, 'HTTP/1.10 101'", "'<html>', '<html>'" })
	void garbageIsRefusedAtItsFirstBytes(String answer, String seen) {
		assertRefused(answer, "Answer must begin with 'HTTP/1.1 ', but begins with '" + seen + "' (RFC 6455, 4.1)");
	}

	@Test
	void garbageIsShownShortAndEscaped() {
		assertRefused("\u001b[31m\0\u00ff\r\n" + "x".repeat(100), "Answer must begin with 'HTTP/1.1 ', but begins with "
				+ "'\\x1B[31m\\x00\\xFF\\r\\n" + "x".repeat(32) + "' (RFC 6455, 4.1)");
	}

	@Test
	void emptyLineInFrontIsRefused() {
		assertRefused("\nHTTP/1.1 101 x\r\n",
				"Answer must begin with 'HTTP/1.1 ', but begins with '\\n' (RFC 6455, 4.1)");
	}

	@Test
	void answerInTlsIsGuessed() {
		assertRefused("\u0015\u0003\u0003",
				"Answer must begin with 'HTTP/1.1 ', but begins with '\\x15\\x03\\x03'; that "
						+ "looks like TLS, so the URL may need wss:// instead of ws:// (RFC 6455, 4.1)");
	}

	@ParameterizedTest
	@ValueSource(strings = { "HTTP/1.0 101 Switching", "HTTP/2 101", "HTTP/3" })
	void otherVersionOfHttpIsRefused(String answer) {
		assertRefused(answer, "Answer must begin with 'HTTP/1.1 ', but begins with '" + answer
				+ "'; WebSocket needs HTTP/1.1, see that no proxy downgrades it (RFC 6455, 4.1)");
	}

	@ParameterizedTest
	@ValueSource(strings = { "HTTP/1.1 ", "HTTP/1.1 10", "HTTP/1.1 1010", "HTTP/1.1 abc", "HTTP/1.1 001 x",
			"HTTP/1.1  101 x", "HTTP/1.1 101x" })
	void brokenStatusLineIsRefused(String line) {
		assertRefused(line + "\r\n",
				"Status line must be 'HTTP/1.1', a status of 3 digits and a reason, but the answer " + "begins with '"
						+ line + "' (RFC 9112, 4)");
	}

	@Test
	void truncatedOrControlledStatusLineIsRefused() {
		assertRefused("HTTP/1.1\n", "Answer must begin with 'HTTP/1.1 ', but begins with 'HTTP/1.1' (RFC 6455, 4.1)");
		assertRefused("HTTP/1.1 101 a\rb\r\n", "Status line must be 'HTTP/1.1', a status of 3 digits and a reason, but "
				+ "the answer begins with 'HTTP/1.1 101 a\\rb' (RFC 9112, 4)");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', value = {
			"'Set-Cookie secret' | must have a colon, but one was 'Set-Cook' and 9 more characters (RFC 9112, 5)",
			"'A : b' | must not have whitespace before the colon, but one began with 'A ' (RFC 9112, 5.1)",
			"': b' | must have a token for a name, but one began with '' (RFC 9112, 5)",
			"'A b: c' | must have a token for a name, but one began with 'A b' (RFC 9112, 5)" })
	void brokenFieldIsRefused(String line, String message) {
		assertRefused("HTTP/1.1 200 OK\r\nA: b\r\n" + line + "\r\n", "Header fields of the answer (200) " + message);
	}

	@ParameterizedTest
	@CsvSource({ "'\0', \\x00", "'\r', \\r", "'\u0001', \\x01", "'\u007f', \\x7F", "'\u001b', \\x1B" })
	void controlCharacterInAFieldIsRefused(String c, String seen) {
		assertRefused("HTTP/1.1 101 x\r\nA: secret" + c + "b\r\n",
				"Header fields of the answer (101) must not hold control characters, but 'A' holds '" + seen
						+ "' (RFC 9112, 5)");
	}

	@ParameterizedTest
	@CsvSource({ "'A: b\r\n c\r\n', 'b c'", "'A: b \r\n\t  c \r\n   d\r\n', 'b c d'", "'A:\r\n b\r\n', b",
			"'A: b\r\n \r\n', b", "'A: b\n c\n', 'b c'", "'A: b\r\n c: d\r\n', 'b c: d'" })
	void foldedLinesAreReadAsBlanks(String field, String value) {
		assertThat(this.reader.read(bytes("HTTP/1.1 200 OK\r\n" + field + "Z: z\r\n\r\n"))).isTrue();
		assertThat(this.reader.headers().allValues("a")).containsExactly(value);
		assertThat(this.reader.headers().allValues("z")).containsExactly("z");
		assertThat(this.reader.headers().map()).hasSize(2);
	}

	@Test
	void foldedLinesAreReadInWhateverPieces() {
		ByteBuf answer = bytes("HTTP/1.1 200 OK\r\nA: b\r\n c\r\n\td\r\n\r\n");
		while (answer.isReadable()) {
			assertThat(this.reader.read(answer.readSlice(1))).isEqualTo(!answer.isReadable());
		}
		assertThat(this.reader.headers().allValues("a")).containsExactly("b c d");
	}

	@Test
	void foldedLinesCountForTheSizeOfTheHead() {
		assertRefused("HTTP/1.1 200 OK\r\nA: b\r\n" + " c\r\n".repeat(300),
				"Head of the answer must be of at most 1000 bytes (maxHandshakeSize), but there were more (RFC 9112, 3)");
	}

	@Test
	void foldedLinesTakeTimeInProportionToTheirSize() {
		HandshakeResponseReader large = new HandshakeResponseReader(16 * 1024 * 1024);
		ByteBuf answer = bytes("HTTP/1.1 200 OK\r\nA: b\r\n" + " c\r\n".repeat(1_000_000) + "\r\n");
		assertThat(large.read(answer)).isTrue();
		assertThat(large.headers().firstValue("a").orElseThrow()).hasSize(2_000_001);
	}

	@Test
	void blankInFrontOfTheFirstFieldIsRefused() {
		assertRefused("HTTP/1.1 200 OK\r\n A: b\r\n",
				"Header fields of the answer (200) must not begin with whitespace in front of the first (RFC 9112, 2.2)");
	}

	@Test
	void controlCharacterInAFoldedLineIsRefused() {
		assertRefused("HTTP/1.1 101 x\r\nA: secret\r\n b\u0001\r\n",
				"Header fields of the answer (101) must not hold control characters, but 'A' holds '\\x01' (RFC 9112, 5)");
	}

	private static void assertRefused(String answer, String message) {
		HandshakeResponseReader reader = new HandshakeResponseReader(1000);
		HandshakeFailure failure = catchThrowableOfType(HandshakeFailure.class, () -> reader.read(bytes(answer)));
		assertThat(failure).hasMessage(message);
		assertThat(failure.statusCode()).isZero();
		assertThat(failure.headers().map()).isEmpty();
		assertThat(failure.body()).isEmpty();
		assertThat(failure.getStackTrace()).isEmpty();
		assertRefusedByByte(answer);
	}

	private static void assertRefusedByByte(String answer) {
		HandshakeResponseReader reader = new HandshakeResponseReader(1000);
		HandshakeFailure failure = catchThrowableOfType(HandshakeFailure.class, () -> {
			for (int i = 0; i < answer.length(); i++) {
				reader.read(bytes(answer.substring(i, i + 1)));
			}
		});
		assertThat(failure).isNotNull();
	}

	@Test
	void bodyIsCollectedUpToItsLength() {
		ByteBuf in = bytes("HTTP/1.1 404 Not Found\r\nContent-Length: 5\r\n\r\nHello, world");
		assertThat(this.reader.read(in)).isTrue();
		assertThat(this.reader.readBody(in)).isTrue();
		assertThat(body()).isEqualTo("Hello");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "Content-Length: 10000\r\n", "Content-Length: 99999999999999999999\r\n",
			"Content-Length: -1\r\n", "Transfer-Encoding: gzip\r\n" })
	void bodyIsCollectedUpTo4Kib(String field) {
		assertThat(this.reader.read(bytes("HTTP/1.1 503 Unavailable\r\n" + field + "\r\n"))).isTrue();
		assertThat(this.reader.readBody(bytes("x".repeat(4095)))).isFalse();
		assertThat(body()).hasSize(4095);
		ByteBuf more = bytes("yz");
		assertThat(this.reader.readBody(more)).isTrue();
		assertThat(more.readableBytes()).isOne();
		assertThat(body()).endsWith("xy").hasSize(4096);
	}

	@ParameterizedTest
	@ValueSource(strings = { "HTTP/1.1 204 No Content\r\n\r\n", "HTTP/1.1 304 x\r\nContent-Length: 9\r\n\r\n",
			"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", "HTTP/1.1 101 x\r\n\r\n" })
	void bodyMayBeAbsent(String head) {
		assertThat(this.reader.read(bytes(head))).isTrue();
		ByteBuf rest = bytes("rest");
		assertThat(this.reader.readBody(rest)).isTrue();
		assertThat(rest.readableBytes()).isEqualTo(4);
		assertThat(body()).isEmpty();
	}

	@Test
	void chunkedBodyIsDecodedAndEnds() {
		String body = "5;x=y\r\nHello\r\n2\r\n, \r\n5\r\nworld\r\n0\r\n\r\n";
		for (int split = 0; split < body.length(); split++) {
			HandshakeResponseReader reader = new HandshakeResponseReader(1000);
			assertThat(reader.read(bytes("HTTP/1.1 401 x\r\nTransfer-Encoding: chunked\r\n\r\n"))).isTrue();
			reader.readBody(bytes(body.substring(0, split)));
			assertThat("Hello, world").startsWith(new String(reader.body(), StandardCharsets.UTF_8));
			assertThat(reader.readBody(bytes(body.substring(split)))).isTrue();
			assertThat(new String(reader.body(), StandardCharsets.UTF_8)).isEqualTo("Hello, world");
		}
	}

	@Test
	void brokenChunksAreShownAsTheyCame() {
		this.reader.read(bytes("HTTP/1.1 401 x\r\nTransfer-Encoding: chunked\r\n\r\n"));
		assertThat(this.reader.readBody(bytes("2\r\nab\r\nnot a size\r\nrest"))).isFalse();
		assertThat(body()).isEqualTo("abnot a size\r\nrest");
	}

	@Test
	void endOfTheConnectionEndsTheBody() {
		this.reader.read(bytes("HTTP/1.1 500 x\r\n\r\n"));
		assertThat(this.reader.readBody(bytes("half"))).isFalse();
		assertThatNoException().isThrownBy(this.reader::onEof);
		assertThat(body()).isEqualTo("half");
	}

	@Test
	void endOfTheConnectionBeforeTheHeadIsAFailure() {
		assertThat(catchThrowableOfType(HandshakeFailure.class, this.reader::onEof))
			.hasMessage("The server closed the connection without an answer to the handshake (RFC 6455, 4.1)");
		this.reader.read(bytes("HTTP/1.1 101"));
		assertThat(catchThrowableOfType(HandshakeFailure.class, this.reader::onEof)).hasMessage(
				"The server closed the connection within the head of its answer, after 12 bytes (RFC 6455, 4.1)");
	}

	private String body() {
		return new String(this.reader.body(), StandardCharsets.UTF_8);
	}

	static ByteBuf bytes(String latin1) {
		return Unpooled.copiedBuffer(latin1, StandardCharsets.ISO_8859_1);
	}

}
