package dev.wsclient.internal.protocol.handshake;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;

import org.jspecify.annotations.Nullable;

/**
 * Undoes what compressed a body
 * (<a href="https://www.rfc-editor.org/rfc/rfc9110#section-8.4">RFC 9110, section
 * 8.4</a>) so that people can read its start: never makes more of it than
 * {@link ResponseBody#MAX_SIZE} bytes.
 */
final class ContentEncoding {

	/**
	 * More than one is rare; each costs an inflater.
	 */
	private static final int MAX_CODINGS = 3;

	private ContentEncoding() {
	}

	/**
	 * Undoes the codings of a body.
	 * @param fields the values of the {@code Content-Encoding} fields
	 * @param body the start of the body
	 * @return the start of what was encoded, or a text that says why there is none
	 */
	static byte[] undo(List<String> fields, byte[] body) {
		List<String> codings = fields.stream()
			.flatMap((field) -> Arrays.stream(field.split(",", -1)))
			.map((coding) -> HttpSyntax.strip(coding).toLowerCase(Locale.ROOT))
			.filter((coding) -> !coding.isEmpty() && !coding.equals("identity"))
			.limit(MAX_CODINGS + 1L)
			.collect(Collectors.toList());
		if (codings.isEmpty() || body.length == 0) {
			return body;
		}
		Collections.reverse(codings);
		byte[] decoded = (codings.size() <= MAX_CODINGS) ? body : null;
		for (String coding : codings) {
			decoded = (decoded != null) ? undo(coding, decoded) : null;
		}
		return (decoded != null) ? decoded : explain(fields, body.length);
	}

	private static byte @Nullable [] undo(String coding, byte[] bytes) {
		try {
			return switch (coding) {
				case "gzip", "x-gzip" -> readStart(() -> new GZIPInputStream(new ByteArrayInputStream(bytes)));
				case "deflate" -> inflate(bytes);
				default -> null;
			};
		}
		catch (IOException ex) {
			return null;
		}
	}

	/**
	 * Some servers leave the header of zlib out.
	 */
	private static byte[] inflate(byte[] bytes) throws IOException {
		boolean zlib = bytes.length > 1 && (bytes[0] & 0x0F) == 8
				&& ((bytes[0] & 0xFF) << 8 | (bytes[1] & 0xFF)) % 31 == 0;
		Inflater inflater = new Inflater(!zlib);
		try {
			return readStart(() -> new InflaterInputStream(new ByteArrayInputStream(bytes), inflater));
		}
		finally {
			inflater.end();
		}
	}

	/**
	 * Reads until there is enough, or no more: the body may be cut off anywhere.
	 */
	private static byte[] readStart(Source source) throws IOException {
		ByteArrayOutputStream decoded = new ByteArrayOutputStream();
		byte[] buffer = new byte[512];
		try (InputStream in = source.open()) {
			int count = 0;
			while (count >= 0 && decoded.size() < ResponseBody.MAX_SIZE) {
				decoded.write(buffer, 0, count);
				count = in.read(buffer, 0, Math.min(buffer.length, ResponseBody.MAX_SIZE - decoded.size()));
			}
		}
		catch (EOFException ex) {
			if (decoded.size() == 0) {
				throw ex;
			}
		}
		return decoded.toByteArray();
	}

	private static byte[] explain(List<String> fields, int length) {
		return ("(" + length + " bytes with the Content-Encoding " + Printable.quote(String.join(", ", fields))
				+ ", which can't be shown)")
			.getBytes(StandardCharsets.UTF_8);
	}

	/**
	 * Opens what may be broken from its first byte.
	 */
	@FunctionalInterface
	private interface Source {

		InputStream open() throws IOException;

	}

}
