package dev.wsclient.internal.protocol.handshake;

import java.io.ByteArrayOutputStream;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.List;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/**
 * The start of the body of an answer that is not 101: at most 4 KiB, ended by its length
 * or its last chunk if it tells
 * (<a href="https://www.rfc-editor.org/rfc/rfc9112#section-6.3">RFC 9112, section
 * 6.3</a>). Meant for people, so a broken coding is shown as it came.
 */
final class ResponseBody {

	/**
	 * The body of an answer that has none.
	 */
	static final ResponseBody NONE = new ResponseBody(0, false);

	private static final int MAX_SIZE = 4096;

	private final ByteBuf bytes = Unpooled.buffer(0, MAX_SIZE);

	/**
	 * How many bytes to read.
	 */
	private final int size;

	private final boolean chunked;

	private ResponseBody(int size, boolean chunked) {
		this.size = size;
		this.chunked = chunked;
	}

	static ResponseBody of(int statusCode, HttpHeaders headers) {
		if (statusCode == 101 || statusCode == 204 || statusCode == 304) {
			return NONE;
		}
		List<String> codings = headers.allValues("Transfer-Encoding");
		if (!codings.isEmpty()) {
			return new ResponseBody(MAX_SIZE, codings.size() == 1 && codings.get(0).equalsIgnoreCase("chunked"));
		}
		String length = headers.firstValue("Content-Length").orElse("");
		return new ResponseBody(length.matches("[0-9]{1,4}") ? Math.min(Integer.parseInt(length), MAX_SIZE) : MAX_SIZE,
				false);
	}

	boolean read(ByteBuf in) {
		this.bytes.writeBytes(in, Math.min(this.size - this.bytes.readableBytes(), in.readableBytes()));
		return this.bytes.readableBytes() == this.size || (this.chunked && new Chunks(this.bytes).isComplete());
	}

	byte[] toByteArray() {
		if (this.chunked) {
			return new Chunks(this.bytes).toByteArray();
		}
		byte[] copy = new byte[this.bytes.readableBytes()];
		this.bytes.getBytes(this.bytes.readerIndex(), copy);
		return copy;
	}

	/**
	 * Undoes the chunked coding of what there is
	 * (<a href="https://www.rfc-editor.org/rfc/rfc9112#section-7.1">RFC 9112, section
	 * 7.1</a>). Begins anew each time: 4 KiB are not worth a state machine.
	 */
	private static final class Chunks {

		private static final String SIZE = "[0-9a-fA-F]{1,7}";

		private final ByteBuf in;

		private final ByteArrayOutputStream out = new ByteArrayOutputStream();

		private boolean complete;

		Chunks(ByteBuf bytes) {
			this.in = bytes.duplicate();
			boolean more = true;
			while (more) {
				more = decodeChunk();
			}
		}

		/**
		 * Decodes a chunk.
		 * @return {@code true} if it was a whole one and not the last
		 */
		private boolean decodeChunk() {
			int lineEnd = this.in.indexOf(this.in.readerIndex(), this.in.writerIndex(), (byte) '\n');
			if (lineEnd < 0) {
				return false;
			}
			String line = this.in.readCharSequence(lineEnd + 1 - this.in.readerIndex(), StandardCharsets.ISO_8859_1)
				.toString();
			String size = HttpSyntax.strip(line.split("[;\r\n]", 2)[0]);
			if (!size.matches(SIZE)) {
				this.out.writeBytes(line.getBytes(StandardCharsets.ISO_8859_1));
				copy(this.in.readableBytes());
				return false;
			}
			int length = Integer.parseInt(size, 16);
			this.complete = length == 0;
			return !this.complete && copy(length) && skipLineEnd();
		}

		private boolean copy(int length) {
			byte[] data = new byte[Math.min(length, this.in.readableBytes())];
			this.in.readBytes(data);
			this.out.writeBytes(data);
			return data.length == length;
		}

		private boolean skipLineEnd() {
			int lineEnd = this.in.indexOf(this.in.readerIndex(), this.in.writerIndex(), (byte) '\n');
			if (lineEnd < 0) {
				return false;
			}
			this.in.readerIndex(lineEnd + 1);
			return true;
		}

		boolean isComplete() {
			return this.complete;
		}

		byte[] toByteArray() {
			return this.out.toByteArray();
		}

	}

}
