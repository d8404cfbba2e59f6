package dev.wsclient.testserver;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The vocabulary of scripts: one accepted connection, byte by byte.
 */
public final class ScriptedConnection implements AutoCloseable {

	private static final Pattern KEY = Pattern.compile("Sec-WebSocket-Key: (\\S+)");

	private final Socket socket;

	private final DataInputStream in;

	private final OutputStream out;

	private final CountDownLatch serverClosed;

	private final List<Frame> frames = new CopyOnWriteArrayList<>();

	private volatile String request = "";

	ScriptedConnection(Socket socket, CountDownLatch serverClosed) throws IOException {
		this.socket = socket;
		this.in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), 64 * 1024));
		this.out = socket.getOutputStream();
		this.serverClosed = serverClosed;
	}

	/**
	 * Reads the head of the request.
	 * @return the head
	 * @throws IOException if it doesn't come
	 */
	public String readRequest() throws IOException {
		this.request = readHead(this.in);
		return this.request;
	}

	static String readHead(InputStream in) throws IOException {
		ByteArrayOutputStream head = new ByteArrayOutputStream();
		while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
			int next = in.read();
			if (next < 0) {
				throw new EOFException();
			}
			head.write(next);
		}
		return head.toString(StandardCharsets.ISO_8859_1);
	}

	/**
	 * Reads the request and accepts it.
	 * @param glued what is written together with the answer
	 * @throws IOException if the client went away
	 */
	public void accept(byte[]... glued) throws IOException {
		readRequest();
		write(Frames.join(acceptance(), Frames.join(glued)));
	}

	/**
	 * Reads the request and accepts it and its offer to compress.
	 * @param glued what is written together with the answer
	 * @throws IOException if the client went away
	 */
	public void acceptCompressed(byte[]... glued) throws IOException {
		readRequest();
		write(Frames.join(acceptance("Sec-WebSocket-Extensions: permessage-deflate"), Frames.join(glued)));
	}

	/**
	 * Returns the answer that accepts the request.
	 * @param fields further header fields
	 * @return the bytes
	 */
	public byte[] acceptance(String... fields) {
		return acceptanceOf(this.request, fields);
	}

	static byte[] acceptanceOf(String request, String... fields) {
		Matcher key = KEY.matcher(request);
		if (!key.find()) {
			throw new IllegalStateException("no key in " + request);
		}
		return ("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
				+ "Sec-WebSocket-Accept: " + digest(key.group(1)) + "\r\n" + String.join("\r\n", fields)
				+ ((fields.length > 0) ? "\r\n\r\n" : "\r\n"))
			.getBytes(StandardCharsets.ISO_8859_1);
	}

	private static String digest(String key) {
		try {
			byte[] input = (key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").getBytes(StandardCharsets.ISO_8859_1);
			return Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-1").digest(input));
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException(ex);
		}
	}

	public void write(byte[] bytes) throws IOException {
		this.out.write(bytes);
	}

	public void write(String text) throws IOException {
		write(text.getBytes(StandardCharsets.ISO_8859_1));
	}

	/**
	 * Writes each byte by itself.
	 * @param bytes the bytes
	 * @throws IOException if the client went away
	 */
	public void drip(byte[] bytes) throws IOException {
		for (byte value : bytes) {
			this.out.write(value);
		}
	}

	/**
	 * Reads one frame.
	 * @return the frame
	 * @throws IOException if the client went away
	 */
	public Frame readFrame() throws IOException {
		int first = this.in.readUnsignedByte();
		int second = this.in.readUnsignedByte();
		if ((second & 0x80) == 0) {
			throw new IllegalStateException("the client doesn't mask");
		}
		long length = second & 0x7f;
		if (length == 126) {
			length = this.in.readUnsignedShort();
		}
		else if (length == 127) {
			length = this.in.readLong();
		}
		byte[] key = this.in.readNBytes(4);
		byte[] payload = this.in.readNBytes((int) length);
		if (payload.length < length) {
			throw new EOFException();
		}
		for (int i = 0; i < payload.length; i++) {
			payload[i] ^= key[i % 4];
		}
		Frame frame = new Frame(first & 0x0f, (first & 0x40) != 0, payload);
		this.frames.add(frame);
		return frame;
	}

	/**
	 * Reads frames until the client's Close frame.
	 * @return its code
	 * @throws IOException if the client went away
	 */
	public int readUntilClose() throws IOException {
		Frame frame = readFrame();
		while (frame.opcode != 8) {
			frame = readFrame();
		}
		return frame.closeCode();
	}

	/**
	 * Whether the client sends nothing for a while, not even the end of TCP.
	 * @param time how long to wait
	 * @return {@code true} if nothing came
	 * @throws IOException if the connection broke
	 */
	public boolean isQuiet(Duration time) throws IOException {
		this.socket.setSoTimeout((int) time.toMillis());
		this.in.mark(1);
		try {
			this.in.read();
			this.in.reset();
			return false;
		}
		catch (SocketTimeoutException ex) {
			return true;
		}
		finally {
			this.socket.setSoTimeout(0);
		}
	}

	/**
	 * Reads frames until the client closes TCP.
	 * @throws IOException always
	 */
	public void readUntilEof() throws IOException {
		while (true) {
			readFrame();
		}
	}

	/**
	 * Breaks the connection with a TCP reset.
	 * @throws IOException if that fails
	 */
	public void reset() throws IOException {
		this.socket.setSoLinger(true, 0);
		this.socket.close();
	}

	/**
	 * Says that nothing more will be sent, and still receives.
	 * @throws IOException if that fails
	 */
	public void sendFin() throws IOException {
		this.socket.shutdownOutput();
	}

	/**
	 * Does nothing until the server is closed.
	 * @throws InterruptedException if interrupted
	 */
	public void stall() throws InterruptedException {
		this.serverClosed.await();
	}

	/**
	 * Returns the address the client connected from.
	 * @return the address
	 */
	public String remoteAddress() {
		return this.socket.getInetAddress().getHostAddress();
	}

	/**
	 * Returns the frames read so far.
	 * @return the frames in order
	 */
	public List<Frame> frames() {
		return this.frames;
	}

	@Override
	public void close() throws IOException {
		this.socket.close();
	}

	/**
	 * A frame of the client.
	 *
	 * @param opcode the opcode
	 * @param compressed whether it is marked as compressed (RSV1)
	 * @param payload the unmasked payload
	 */
	@SuppressWarnings("ArrayRecordComponent") // frames are never compared
	public record Frame(int opcode, boolean compressed, byte[] payload) {

		public String text() {
			return new String(this.payload, StandardCharsets.UTF_8);
		}

		public int closeCode() {
			if (this.payload.length == 0) {
				return 1005;
			}
			return ((this.payload[0] & 0xff) << 8) | (this.payload[1] & 0xff);
		}

	}

}
