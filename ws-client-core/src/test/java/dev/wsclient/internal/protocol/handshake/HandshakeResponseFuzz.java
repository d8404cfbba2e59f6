package dev.wsclient.internal.protocol.handshake;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

import dev.wsclient.internal.protocol.extension.Extension;
import dev.wsclient.internal.protocol.extension.PerMessageDeflateOffer;
import dev.wsclient.options.Compression;
import dev.wsclient.oracle.StrictHead;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Fuzzes {@link HandshakeResponseReader} and {@link HandshakeCheck}. An input is what a
 * server answers: a head, and a body or frames behind it.
 */
public class HandshakeResponseFuzz {

	private static final int MAX_HEAD_SIZE = 1000;

	private static final int MAX_BODY_SIZE = 4096;

	private static final HandshakeRequest REQUEST = new HandshakeRequest(URI.create("ws://h"),
			"the sample nonce".getBytes(StandardCharsets.US_ASCII), Map.of(), List.of("v1", "v2"),
			List.of(new PerMessageDeflateOffer(Compression.defaults())));

	private static final String ACCEPT = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

	private static final String VERSION = "HTTP/1.1 ";

	private static final Pattern NO_EXTENSION = Pattern.compile("[, \t]*");

	private static final String NAME = "((?:server|client)_(?:no_context_takeover|max_window_bits))";

	private static final String BITS = "[ \t]*=[ \t]*(?:[89]|1[0-5]|\"(?:\\\\?[89]|\\\\?1\\\\?[0-5])\")";

	private static final Pattern PARAMETER = Pattern
		.compile("[ \t]*;[ \t]*" + NAME + "(?:(?<=takeover)|(?<=bits)" + BITS + ")");

	private static final Pattern DEFLATE = Pattern.compile("[, \t]*permessage-deflate(?:" + PARAMETER + ")*[, \t]*");

	@FuzzTest
	public void read(byte[] input) {
		String answer = new String(input, StandardCharsets.ISO_8859_1);
		StrictHead head = StrictHead.parse(answer, MAX_HEAD_SIZE);
		Outcome whole = read(input, input.length, head);
		assertThat(read(input, 1, head)).isEqualTo(whole);
		assertThat(read(input, 2 + input.length % 40, head)).isEqualTo(whole);
		assertThat(whole.complete).isEqualTo(head != null);
		if (head != null) {
			assertThat(whole.status).isEqualTo(head.status());
			assertThat(whole.fields).isEqualTo(head.fields());
			assertThat(whole.unread).isEqualTo((head.status() == 101) ? input.length - head.end() : 0);
			if (hasPlainBody(head)) {
				int end = Math.min(input.length, head.end() + MAX_BODY_SIZE);
				assertThat(whole.body).isEqualTo(answer.substring(head.end(), end));
			}
		}
		else if (!whole.refused) {
			assertThat(input.length).isLessThanOrEqualTo(MAX_HEAD_SIZE);
			int seen = Math.min(input.length, VERSION.length());
			assertThat(answer).startsWith(VERSION.substring(0, seen));
		}
	}

	private static boolean hasPlainBody(StrictHead head) {
		int status = head.status();
		return status != 101 && status != 204 && status != 304 && head.values("Content-Length").isEmpty()
				&& head.values("Transfer-Encoding").isEmpty();
	}

	private static Outcome read(byte[] input, int pieceSize, @Nullable StrictHead head) {
		HandshakeResponseReader reader = new HandshakeResponseReader(MAX_HEAD_SIZE);
		boolean complete = false;
		boolean ended = false;
		int index = 0;
		try {
			while (index < input.length && !ended) {
				int size = Math.min(pieceSize, input.length - index);
				ByteBuf in = Unpooled.wrappedBuffer(input, index, size);
				complete = reader.read(in);
				ended = complete && (reader.statusCode() == 101 || reader.readBody(in));
				index += size - in.readableBytes();
				assertThat(ended || !in.isReadable()).isTrue();
				assertThat(reader.statusCode() != 0).isEqualTo(complete);
			}
		}
		catch (HandshakeFailure ex) {
			assertPresentable(ex);
			return Outcome.of(reader, false, true, 0);
		}
		assertThat(reader.body()).hasSizeLessThanOrEqualTo(MAX_BODY_SIZE);
		if (complete) {
			checkDecision(reader, head);
		}
		else {
			assertPresentable(catchThrowableOfType(HandshakeFailure.class, reader::onEof));
		}
		return Outcome.of(reader, complete, false, (reader.statusCode() == 101) ? input.length - index : 0);
	}

	private static void checkDecision(HandshakeResponseReader reader, @Nullable StrictHead head) {
		boolean opens = head != null && opensSession(head);
		try {
			Acceptance acceptance = HandshakeCheck.check(REQUEST, reader);
			assertThat(opens).as("opens a session").isTrue();
			Extension extension = acceptance.extension();
			assertThat(extension != null).isEqualTo(acceptance.response().extensions().size() == 1);
			if (extension != null) {
				extension.release();
			}
		}
		catch (HandshakeFailure ex) {
			assertThat(opens).as("opens a session").isFalse();
			assertPresentable(ex);
			assertThat(ex.statusCode()).isEqualTo(reader.statusCode());
			assertThat(ex.headers()).isEqualTo(reader.headers());
			assertThat(ex.body()).isEqualTo(reader.body());
		}
	}

	private static boolean opensSession(StrictHead head) {
		List<String> upgrade = head.values("Upgrade");
		List<String> subprotocol = head.values("Sec-WebSocket-Protocol");
		String connection = String.join(",", head.values("Connection")).toLowerCase(Locale.ROOT);
		return head.status() == 101 && upgrade.size() == 1 && upgrade.get(0).equalsIgnoreCase("websocket")
				&& connection.matches("(?s)(.*,)?[ \t]*upgrade[ \t]*(,.*)?")
				&& head.values("Sec-WebSocket-Accept").equals(List.of(ACCEPT))
				&& (subprotocol.isEmpty() || subprotocol.equals(List.of("v1")) || subprotocol.equals(List.of("v2")))
				&& isAcceptable(String.join(",", head.values("Sec-WebSocket-Extensions")));
	}

	private static boolean isAcceptable(String extensions) {
		if (NO_EXTENSION.matcher(extensions).matches()) {
			return true;
		}
		List<String> names = PARAMETER.matcher(extensions).results().map((result) -> result.group(1)).toList();
		return DEFLATE.matcher(extensions).matches() && names.stream().distinct().count() == names.size();
	}

	// It goes to logs
	private static void assertPresentable(HandshakeFailure failure) {
		assertThat(failure.getMessage()).matches("[ -~]{20,600}");
	}

	/**
	 * What an answer led to.
	 *
	 * @param complete whether the head was complete
	 * @param refused whether it was not HTTP
	 * @param status the status
	 * @param fields the fields, by their names in lower case
	 * @param body the body, one char a byte
	 * @param unread how many bytes were left behind a head of 101
	 */
	private record Outcome(boolean complete, boolean refused, int status, Map<String, List<String>> fields, String body,
			int unread) {

		static Outcome of(HandshakeResponseReader reader, boolean complete, boolean refused, int unread) {
			Map<String, List<String>> fields = new TreeMap<>();
			reader.headers().map().forEach((name, values) -> fields.put(name.toLowerCase(Locale.ROOT), values));
			String body = new String(reader.body(), StandardCharsets.ISO_8859_1);
			return new Outcome(complete, refused, reader.statusCode(), fields, body, unread);
		}

	}

}
