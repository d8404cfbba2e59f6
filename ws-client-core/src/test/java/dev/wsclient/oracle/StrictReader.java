package dev.wsclient.oracle;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Reads a whole stream of frames in the simplest way and tells what must become of it.
 * Shares nothing with the code under test.
 */
public final class StrictReader {

	private final byte[] stream;

	private final int maxMessageSize;

	private final int maxFrameSize;

	private final @Nullable StrictInflate inflate;

	private final boolean forgets;

	private int index;

	private boolean closed;

	private boolean inMessage;

	private boolean text;

	private boolean encoded;

	private long declared;

	private ByteArrayOutputStream message = new ByteArrayOutputStream();

	private final List<String> events = new ArrayList<>();

	/**
	 * The close code, 0 if nothing is wrong.
	 */
	private int fault;

	/**
	 * The close code for the damage in the encoded message at the end, 0 if there is
	 * none. Where in the message it is noticed is not laid down.
	 */
	private int damage;

	/**
	 * How many events there are before that message.
	 */
	private int certain;

	private StrictReader(byte[] stream, int maxMessageSize, int maxFrameSize, @Nullable StrictInflate inflate,
			boolean forgets) {
		this.stream = stream;
		this.maxMessageSize = maxMessageSize;
		this.maxFrameSize = maxFrameSize;
		this.inflate = inflate;
		this.forgets = forgets;
	}

	/**
	 * Reads a stream.
	 * @param stream the bytes
	 * @param maxMessageSize the largest message
	 * @param maxFrameSize the largest data frame
	 * @param inflate inflates the marked messages, or {@code null} if none may be marked
	 * @param forgets whether each of them stands alone
	 */
	public static StrictReader read(byte[] stream, int maxMessageSize, int maxFrameSize,
			@Nullable StrictInflate inflate, boolean forgets) {
		StrictReader reader = new StrictReader(stream, maxMessageSize, maxFrameSize, inflate, forgets);
		reader.read();
		return reader;
	}

	/**
	 * Whether a reader may tell of these events and of this fault.
	 * @param events one line each: text, binary, ping, pong or close, and the payload, in
	 * hex but for text
	 * @param fault the close code, 0 if there is no fault
	 */
	public boolean allows(List<String> events, int fault) {
		if (events.equals(this.events) && fault == this.fault) {
			return true;
		}
		int size = events.size();
		return this.damage != 0 && fault == this.damage && size >= this.certain && size <= this.events.size()
				&& events.equals(this.events.subList(0, size));
	}

	@Override
	public String toString() {
		return "events " + this.events + " and fault " + this.fault
				+ ((this.damage != 0) ? ", or fault " + this.damage + " after event " + this.certain : "");
	}

	private void read() {
		try {
			while (!this.closed) {
				readFrame();
			}
		}
		catch (Fault fault) {
			this.fault = fault.code;
		}
		catch (EndOfStream ex) {
			// It may go on one day
		}
		if (this.inMessage && this.inflate != null && this.encoded) {
			ByteArrayOutputStream output = new ByteArrayOutputStream();
			boolean damaged = this.inflate.inflateStart(this.message.toByteArray(), output);
			this.damage = judge(output.toByteArray(), damaged, false);
		}
	}

	private void readFrame() {
		int first = next();
		boolean fin = (first & 0x80) != 0;
		boolean marked = (first & 0x40) != 0;
		int opcode = first & 0x0F;
		require(!marked || (this.inflate != null && (opcode == 1 || opcode == 2)), 1002);
		require((first & 0x30) == 0, 1002);
		require(opcode <= 2 || (opcode >= 8 && opcode <= 10), 1002);
		boolean control = opcode >= 8;
		require(fin || !control, 1002);
		int second = next();
		require(second < 0x80, 1002);
		require(second < 126 || !control, 1002);
		long length = second;
		if (second == 126) {
			length = number(2);
			require(length > 125, 1002);
		}
		if (second == 127) {
			length = number(8);
			require(length > 65535, 1002);
		}
		if (control) {
			readControl(opcode, (int) length);
		}
		else {
			readData(opcode, fin, marked, length);
		}
	}

	private void readControl(int opcode, int length) {
		byte[] payload = available(length);
		if (payload.length < length) {
			throw new EndOfStream();
		}
		if (opcode == 8) {
			close(payload);
		}
		else {
			this.events.add(((opcode == 9) ? "ping " : "pong ") + HexFormat.of().formatHex(payload));
		}
	}

	private void close(byte[] payload) {
		int code = 1005;
		String reason = "";
		if (payload.length > 0) {
			require(payload.length >= 2, 1002);
			code = (payload[0] & 0xFF) * 256 + (payload[1] & 0xFF);
			require(isLegalInCloseFrame(code), 1002);
			byte[] rest = Arrays.copyOfRange(payload, 2, payload.length);
			require(isUtf8(rest), 1007);
			reason = new String(rest, StandardCharsets.UTF_8);
		}
		this.events.add("close " + code + " " + reason);
		this.closed = true;
	}

	/**
	 * The registry: 1004 is reserved, 1005, 1006 and 1015 are never sent, others below
	 * 3000 have no meaning yet.
	 */
	public static boolean isLegalInCloseFrame(int code) {
		return switch (code) {
			case 1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014 -> true;
			default -> code >= 3000 && code < 5000;
		};
	}

	private void readData(int opcode, boolean fin, boolean marked, long length) {
		require(this.inMessage == (opcode == 0), 1002);
		if (opcode != 0) {
			this.inMessage = true;
			this.text = opcode == 1;
			this.encoded = marked;
			this.declared = 0;
			this.certain = this.events.size();
			this.message = new ByteArrayOutputStream();
		}
		// How much longer than its limit an encoded message may be is our own rule
		long limit = this.encoded ? 2L * this.maxMessageSize + 1024 : this.maxMessageSize;
		require(length <= limit - this.declared, 1009);
		require(length <= this.maxFrameSize, 1009);
		this.declared += length;
		byte[] payload = available(length);
		this.message.writeBytes(payload);
		if (this.text && !this.encoded) {
			require(isUtf8Start(this.message.toByteArray()), 1007);
		}
		if (payload.length < length) {
			throw new EndOfStream();
		}
		if (fin) {
			endMessage();
		}
	}

	private void endMessage() {
		this.inMessage = false;
		byte[] whole = this.message.toByteArray();
		if (this.inflate != null && this.encoded) {
			whole = decode(this.inflate, whole);
		}
		if (this.text) {
			require(isUtf8(whole), 1007);
		}
		this.events.add(this.text ? "text " + new String(whole, StandardCharsets.UTF_8)
				: "binary " + HexFormat.of().formatHex(whole));
	}

	private byte[] decode(StrictInflate inflate, byte[] bytes) {
		byte[] output = new byte[0];
		try {
			output = inflate.inflate(bytes);
			this.damage = judge(output, false, true);
		}
		catch (IllegalArgumentException ex) {
			ByteArrayOutputStream start = new ByteArrayOutputStream();
			inflate.inflateStart(bytes, start);
			this.damage = judge(start.toByteArray(), true, true);
		}
		require(this.damage == 0, this.damage);
		if (this.forgets) {
			inflate.forget();
		}
		return output;
	}

	/**
	 * Finds the first fault in what a message gave, in the order of its bytes.
	 */
	private int judge(byte[] output, boolean damaged, boolean whole) {
		byte[] allowed = Arrays.copyOf(output, Math.min(output.length, this.maxMessageSize));
		if (this.text && !isUtf8Start(allowed)) {
			return 1007;
		}
		if (output.length > this.maxMessageSize) {
			return 1009;
		}
		return (damaged || (whole && this.text && !isUtf8(output))) ? 1007 : 0;
	}

	private int next() {
		if (this.index == this.stream.length) {
			throw new EndOfStream();
		}
		return this.stream[this.index++] & 0xFF;
	}

	private long number(int bytes) {
		long number = 0;
		for (int i = 0; i < bytes; i++) {
			number = number * 256 + next();
		}
		return number;
	}

	private byte[] available(long length) {
		int start = this.index;
		this.index = (int) Math.min(this.stream.length, this.index + length);
		return Arrays.copyOfRange(this.stream, start, this.index);
	}

	public static boolean isUtf8(byte[] bytes) {
		try {
			StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
			return true;
		}
		catch (CharacterCodingException ex) {
			return false;
		}
	}

	/**
	 * Whether text may begin like this: it is whole, or is so with up to three more
	 * bytes. Of those that may come second, 80 or A0 will always do.
	 */
	public static boolean isUtf8Start(byte[] bytes) {
		for (String tail : List.of("", "80", "8080", "808080", "A0", "A080", "A08080")) {
			byte[] whole = Arrays.copyOf(bytes, bytes.length + tail.length() / 2);
			System.arraycopy(HexFormat.of().parseHex(tail), 0, whole, bytes.length, tail.length() / 2);
			if (isUtf8(whole)) {
				return true;
			}
		}
		return false;
	}

	private static void require(boolean condition, int code) {
		if (!condition) {
			throw new Fault(code);
		}
	}

	/**
	 * The stream breaks a rule.
	 */
	private static final class Fault extends RuntimeException {

		private final int code;

		Fault(int code) {
			super(null, null, false, false);
			this.code = code;
		}

	}

	/**
	 * The stream ends within a frame, or between two.
	 */
	private static final class EndOfStream extends RuntimeException {

		EndOfStream() {
			super(null, null, false, false);
		}

	}

}
