package dev.wsclient.internal.protocol.handshake;

import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;

import io.netty.buffer.ByteBuf;

/**
 * Reads the server's answer to the opening handshake, in pieces of any size
 * (<a href="https://www.rfc-editor.org/rfc/rfc9112">RFC 9112</a>):
 * <ol>
 * <li>{@link #read} until it returns {@code true}: the head is complete, and what follows
 * it is still readable.
 * <li>If {@link #statusCode()} is 101, {@link HandshakeCheck} decides, and the bytes that
 * follow are frames.
 * <li>Otherwise the start of the body tells people why: {@link #readBody} until it
 * returns {@code true}, or the connection ends, or patience does; then
 * {@link HandshakeCheck} throws the failure, which holds the body.
 * <li>{@link #onEof()} whenever the connection ends before.
 * </ol>
 * Interim answers (1xx but 101) are skipped. A line may end in LF alone, which RFC 9112,
 * section 2.2 allows; everything else must be as the RFC wants it. Not safe for use by
 * several threads.
 *
 * @since 0.1.0
 */
public final class HandshakeResponseReader {

	private static final int MAX_SEEN = 40;

	private final int maxHeadSize;

	/**
	 * The line in progress, one char a byte.
	 */
	private final StringBuilder line = new StringBuilder(128);

	private ResponseHead head = new ResponseHead();

	private ResponseBody body = ResponseBody.NONE;

	private int headSize;

	private boolean headComplete;

	/**
	 * Creates a reader.
	 * @param maxHeadSize how many bytes status line and header fields may have, those of
	 * interim answers included
	 */
	public HandshakeResponseReader(int maxHeadSize) {
		this.maxHeadSize = maxHeadSize;
	}

	/**
	 * Reads the head. Consumes nothing behind it.
	 * @param in the bytes; not released
	 * @return {@code true} once the head is complete
	 * @throws HandshakeFailure if the answer is not HTTP/1.1, broken or too large
	 */
	public boolean read(ByteBuf in) {
		while (!this.headComplete && in.isReadable()) {
			if (++this.headSize > this.maxHeadSize) {
				throw new HandshakeFailure("Head of the answer must be of at most " + this.maxHeadSize
						+ " bytes (maxHandshakeSize), but there were more (RFC 9112, 3)");
			}
			char c = (char) in.readUnsignedByte();
			if (c == '\n') {
				endLine();
			}
			else {
				this.line.append(c);
				checkVersion(in);
			}
		}
		return this.headComplete;
	}

	// Refuses what isn't HTTP/1.1 at its first wrong byte, for the rest may never come.
	private void checkVersion(ByteBuf in) {
		int last = this.line.length() - 1;
		if (this.head.hasStatus() || last >= ResponseHead.VERSION.length()
				|| this.line.charAt(last) == ResponseHead.VERSION.charAt(last)) {
			return;
		}
		int more = Math.min(in.readableBytes(), MAX_SEEN);
		this.line.append(in.toString(in.readerIndex(), more, StandardCharsets.ISO_8859_1));
		throw ResponseHead.wrongVersion(this.line);
	}

	private void endLine() {
		int end = this.line.length();
		if (end > 0 && this.line.charAt(end - 1) == '\r') {
			end--;
		}
		String text = this.line.substring(0, end);
		this.line.setLength(0);
		if (!this.head.hasStatus()) {
			this.head.readStatusLine(text);
		}
		else if (!text.isEmpty()) {
			this.head.readField(text);
		}
		else if (this.head.isInterim()) {
			this.head = new ResponseHead();
		}
		else {
			this.head.endField();
			this.headComplete = true;
			this.body = ResponseBody.of(this.head.statusCode(), this.head.headers());
		}
	}

	/**
	 * Collects the start of the body, at most 4 KiB. A body without end, or one whose
	 * rest is not needed, leaves bytes unread.
	 * @param in the bytes behind the head; not released
	 * @return {@code true} if there is no more body, or enough of it
	 */
	public boolean readBody(ByteBuf in) {
		return this.body.read(in);
	}

	/**
	 * The connection ended. That may be the regular end of a body.
	 * @throws HandshakeFailure if the head was not complete
	 */
	public void onEof() {
		if (this.headComplete) {
			return;
		}
		String seen = (this.headSize == 0) ? "without an answer to the handshake"
				: "within the head of its answer, after " + this.headSize + " bytes";
		throw new HandshakeFailure("The server closed the connection " + seen + " (RFC 6455, 4.1)");
	}

	/**
	 * Returns the status.
	 * @return the status code, or 0 as long as the head is not complete
	 */
	public int statusCode() {
		return this.headComplete ? this.head.statusCode() : 0;
	}

	/**
	 * Returns the header fields.
	 * @return the header fields, as far as they were read
	 */
	public HttpHeaders headers() {
		return this.head.headers();
	}

	/**
	 * Returns what there is of the body, with any chunked coding undone and inflated if
	 * it was compressed.
	 * @return at most 4 KiB; if the body can't be inflated, a text that says so
	 */
	public byte[] body() {
		return this.body.toByteArray();
	}

	String statusLine() {
		return this.head.statusLine();
	}

}
