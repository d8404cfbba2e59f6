package dev.wsclient.internal.protocol.handshake;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Compressed bodies of refusals are inflated, 4 KiB at most.
 */
class ContentEncodingTests {

	private static final byte[] TEXT = "no such feed; see /feeds".getBytes(StandardCharsets.UTF_8);

	private static byte[] compress(String coding, byte[] bytes) throws Exception {
		ByteArrayOutputStream compressed = new ByteArrayOutputStream();
		try (OutputStream out = coding.endsWith("gzip") ? new GZIPOutputStream(compressed)
				: new DeflaterOutputStream(compressed, new Deflater(9, coding.equals("raw")))) {
			out.write(bytes);
		}
		return compressed.toByteArray();
	}

	private static String undo(byte[] body, String... fields) {
		return new String(ContentEncoding.undo(List.of(fields), body), StandardCharsets.UTF_8);
	}

	@ParameterizedTest
	@ValueSource(strings = { "gzip", "x-gzip", "deflate", "raw" })
	void compressedBodyIsInflated(String coding) throws Exception {
		String field = coding.equals("raw") ? "deflate" : coding;
		assertThat(undo(compress(coding, TEXT), field.toUpperCase(Locale.ROOT)))
			.isEqualTo(new String(TEXT, StandardCharsets.UTF_8));
		assertThat(undo(compress(coding, TEXT), " identity ,", field))
			.isEqualTo(new String(TEXT, StandardCharsets.UTF_8));
		assertThat(undo(compress("gzip", compress(coding, TEXT)), field + ", gzip"))
			.isEqualTo(new String(TEXT, StandardCharsets.UTF_8));
	}

	@ParameterizedTest
	@ValueSource(strings = { "gzip", "deflate" })
	void bombGivesItsStart(String coding) throws Exception {
		byte[] bomb = compress(coding, new byte[64 * 1024 * 1024]);
		assertThat(ContentEncoding.undo(List.of(coding), Arrays.copyOf(bomb, 4096))).hasSize(4096);
		assertThat(ContentEncoding.undo(List.of(coding + "," + coding), compress(coding, bomb))).hasSize(4096);
	}

	@Test
	void bodyThatIsCutOffGivesWhatThereIs() throws Exception {
		byte[] text = "0123456789abcdef".repeat(20).getBytes(StandardCharsets.UTF_8);
		byte[] compressed = compress("gzip", text);
		String start = undo(Arrays.copyOf(compressed, compressed.length - 9), "gzip");
		assertThat(new String(text, StandardCharsets.UTF_8)).startsWith(start);
		assertThat(start).isNotEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "gzip", "deflate", "br", "gzip, gzip, gzip, gzip" })
	void bodyThatCannotBeInflatedIsNamed(String coding) {
		assertThat(undo(new byte[] { 7, 1, 2, 3 }, coding))
			.isEqualTo("(4 bytes with the Content-Encoding '" + coding + "', which can't be shown)");
	}

	@Test
	void otherBodyStaysAsItIs() {
		assertThat(ContentEncoding.undo(List.of(), TEXT)).isSameAs(TEXT);
		assertThat(ContentEncoding.undo(List.of("identity"), TEXT)).isSameAs(TEXT);
		assertThat(undo(new byte[0], "gzip")).isEmpty();
	}

}
