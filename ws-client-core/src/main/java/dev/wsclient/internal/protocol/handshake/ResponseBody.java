package dev.wsclient.internal.protocol.handshake;

import java.io.ByteArrayOutputStream;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

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
	static final ResponseBody NONE = new ResponseBody(0, false, List.of());

	static final int MAX_SIZE = 4096;

	private final ByteBuf bytes = Unpooled.buffer(0, MAX_SIZE);

	/**
	 * How many bytes to read.
	 */
	private final int size;

	/**
	 * Null if the coding is not chunked.
	 */
	private final @Nullable Chunks chunks;

	/**
	 * The values of {@code Content-Encoding}.
	 */
	private final List<String> encodings;

	private ResponseBody(int size, boolean chunked, List<String> encodings) {
		this.size = size;
		this.encodings = encodings;
		this.chunks = chunked ? new Chunks(this.bytes) : null;
	}

	static ResponseBody of(int statusCode, HttpHeaders headers) {
		if (statusCode == 101 || statusCode == 204 || statusCode == 304) {
			return NONE;
		}
		List<String> encodings = headers.allValues("Content-Encoding");
		List<String> codings = headers.allValues("Transfer-Encoding");
		if (!codings.isEmpty()) {
			return new ResponseBody(MAX_SIZE, codings.size() == 1 && codings.get(0).equalsIgnoreCase("chunked"),
					encodings);
		}
		String length = headers.firstValue("Content-Length").orElse("");
		return new ResponseBody(length.matches("[0-9]{1,4}") ? Math.min(Integer.parseInt(length), MAX_SIZE) : MAX_SIZE,
				false, encodings);
	}

	boolean read(ByteBuf in) {
		this.bytes.writeBytes(in, Math.min(this.size - this.bytes.readableBytes(), in.readableBytes()));
		return this.bytes.readableBytes() == this.size || (this.chunks != null && this.chunks.reachLast());
	}

	byte[] toByteArray() {
		return ContentEncoding.undo(this.encodings,
				(this.chunks != null) ? this.chunks.toByteArray() : ByteBufUtil.getBytes(this.bytes));
	}

	/**
	 * Undoes the chunked coding
	 * (<a href="https://www.rfc-editor.org/rfc/rfc9112#section-7.1">RFC 9112, section
	 * 7.1</a>). Decodes each whole chunk once, however small the pieces are in which it
	 * comes.
	 */
	private static final class Chunks {

		private static final Pattern SIZE_LINE = Pattern.compile("[ \t]*([0-9a-fA-F]{1,7})[ \t]*([;\r][^\n]*)?\n");

		private static final int INCOMPLETE = -1;

		private static final int BROKEN = -2;

		private final ByteBuf bytes;

		private final ByteArrayOutputStream decoded = new ByteArrayOutputStream();

		/**
		 * Where the first chunk begins that is not decoded.
		 */
		private int index;

		private boolean last;

		Chunks(ByteBuf bytes) {
			this.bytes = bytes;
		}

		/**
		 * Decodes the chunks that are whole.
		 * @return whether the last one was among them
		 */
		boolean reachLast() {
			while (!this.last && decodeChunk()) {
				// Until one is not whole
			}
			return this.last;
		}

		private boolean decodeChunk() {
			ByteBuf in = rest();
			int size = readSize(in);
			this.last = size == 0;
			if (size <= 0 || in.readableBytes() < size) {
				return false;
			}
			int lineEnd = in.indexOf(in.readerIndex() + size, in.writerIndex(), (byte) '\n');
			if (lineEnd < 0) {
				return false;
			}
			this.decoded.writeBytes(ByteBufUtil.getBytes(in, in.readerIndex(), size));
			this.index += lineEnd + 1;
			return true;
		}

		private ByteBuf rest() {
			return this.bytes.slice(this.index, this.bytes.writerIndex() - this.index);
		}

		// Skips the line if it is one
		private static int readSize(ByteBuf in) {
			int lineEnd = in.indexOf(in.readerIndex(), in.writerIndex(), (byte) '\n');
			if (lineEnd < 0) {
				return INCOMPLETE;
			}
			Matcher line = SIZE_LINE.matcher(in.toString(0, lineEnd + 1, StandardCharsets.ISO_8859_1));
			if (!line.matches()) {
				return BROKEN;
			}
			in.readerIndex(lineEnd + 1);
			return Integer.parseInt(line.group(1), 16);
		}

		// With what there is of the next chunk
		byte[] toByteArray() {
			byte[] partial = reachLast() ? new byte[0] : decodePartial();
			byte[] all = Arrays.copyOf(this.decoded.toByteArray(), this.decoded.size() + partial.length);
			System.arraycopy(partial, 0, all, this.decoded.size(), partial.length);
			return all;
		}

		private byte[] decodePartial() {
			ByteBuf in = rest();
			int size = readSize(in);
			return switch (size) {
				case INCOMPLETE -> new byte[0];
				case BROKEN -> ByteBufUtil.getBytes(in);
				default -> ByteBufUtil.getBytes(in, in.readerIndex(), Math.min(size, in.readableBytes()));
			};
		}

	}

}
