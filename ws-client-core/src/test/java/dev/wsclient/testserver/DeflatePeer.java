package dev.wsclient.testserver;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

import com.jcraft.jzlib.Deflater;
import com.jcraft.jzlib.Inflater;
import com.jcraft.jzlib.JZlib;
import org.jspecify.annotations.Nullable;

/**
 * The server's end of permessage-deflate, by zlib as others ported it, which knows
 * windows of every size. What refers farther back than the window comes out wrong.
 */
public final class DeflatePeer {

	private static final int LEVEL = 6;

	/**
	 * Zlib deflates with no smaller window, but then refers back 250 bytes at most.
	 */
	private static final int MIN_WINDOW_BITS = 9;

	private static final byte[] TAIL = { 0, 0, (byte) 0xFF, (byte) 0xFF };

	private static final byte[] EMPTY_MESSAGE = new byte[1];

	private final int serverWindowBits;

	private final boolean serverForgets;

	private final int clientWindowBits;

	private final boolean clientForgets;

	private @Nullable Deflater deflater;

	private @Nullable Inflater inflater;

	/**
	 * Creates a peer.
	 * @param serverWindowBits how far back messages of the server refer
	 * @param serverForgets whether the server forgets each of its messages
	 * @param clientWindowBits how far back messages of the client may refer
	 * @param clientForgets whether the client has to forget each of its messages
	 */
	public DeflatePeer(int serverWindowBits, boolean serverForgets, int clientWindowBits, boolean clientForgets) {
		this.serverWindowBits = Math.max(serverWindowBits, MIN_WINDOW_BITS);
		this.serverForgets = serverForgets;
		this.clientWindowBits = clientWindowBits;
		this.clientForgets = clientForgets;
	}

	/**
	 * Deflates a message of the server.
	 * @param payload the message
	 * @return the payload of its frames
	 */
	public byte[] deflate(byte[] payload) {
		if (payload.length == 0) {
			return EMPTY_MESSAGE;
		}
		Deflater deflater = this.deflater;
		if (deflater == null || this.serverForgets) {
			deflater = newDeflater();
			this.deflater = deflater;
		}
		deflater.setInput(payload, 0, payload.length, false);
		ByteArrayOutputStream out = new ByteArrayOutputStream();
		byte[] piece = new byte[payload.length + 100];
		do {
			deflater.setOutput(piece);
			check(deflater.deflate(JZlib.Z_SYNC_FLUSH), deflater.msg);
			out.write(piece, 0, piece.length - deflater.getAvailOut());
		}
		while (deflater.getAvailOut() == 0);
		byte[] message = new byte[out.size() - TAIL.length];
		System.arraycopy(out.toByteArray(), 0, message, 0, message.length);
		return message;
	}

	private Deflater newDeflater() {
		try {
			return new Deflater(LEVEL, this.serverWindowBits, true);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Inflates a message of the client.
	 * @param message the payload of its frames
	 * @return the message
	 */
	public byte[] inflate(byte[] message) {
		Inflater inflater = this.inflater;
		if (inflater == null || this.clientForgets) {
			inflater = newInflater();
			this.inflater = inflater;
		}
		byte[] in = Frames.join(message, TAIL);
		inflater.setInput(in, 0, in.length, false);
		ByteArrayOutputStream out = new ByteArrayOutputStream();
		byte[] piece = new byte[4 * in.length];
		do {
			inflater.setOutput(piece);
			check(inflater.inflate(JZlib.Z_SYNC_FLUSH), inflater.msg);
			out.write(piece, 0, piece.length - inflater.getAvailOut());
		}
		while (inflater.getAvailOut() == 0);
		return out.toByteArray();
	}

	private Inflater newInflater() {
		try {
			return new Inflater(this.clientWindowBits, true);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static void check(int result, @Nullable String message) {
		if (result != JZlib.Z_OK && result != JZlib.Z_BUF_ERROR) {
			throw new IllegalStateException("zlib says " + result + ": " + message);
		}
	}

}
