package dev.wsclient.internal.protocol.extension;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

import dev.wsclient.internal.protocol.frame.ProtocolViolation;
import dev.wsclient.leak.PeakAllocator;
import dev.wsclient.oracle.StrictInflate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Fuzzes {@link MessageInflater}. The first byte of an input has the bits of the window
 * less 8 in its low three bits, and the next bit set if each message stands alone. The
 * messages follow, each behind two bytes with its length; what is missing of the last one
 * doesn't matter.
 */
public class MessageInflaterFuzz {

	private static final int LENGTH_SIZE = 2;

	/**
	 * What a sender leaves out (RFC 7692, section 7.2.1).
	 */
	private static final byte[] TAIL = { 0, 0, (byte) 0xFF, (byte) 0xFF };

	@FuzzTest
	public void inflate(byte[] input) {
		if (input.length == 0) {
			return;
		}
		int windowBits = 8 + (input[0] & 7);
		boolean forgets = (input[0] & 8) != 0;
		List<byte[]> messages = split(input);
		List<byte[]> expected = byOracle(messages, windowBits, forgets);
		if (!forgets) {
			assertZlibAgrees(messages, expected);
		}
		for (int pieceSize : new int[] { input.length, 1, 2 + input.length % 40 }) {
			check(messages, expected, windowBits, forgets, pieceSize);
		}
	}

	private static List<byte[]> split(byte[] input) {
		List<byte[]> messages = new ArrayList<>();
		for (int i = 1; i + LENGTH_SIZE <= input.length;) {
			int length = (input[i] & 0xFF) << 8 | (input[i + 1] & 0xFF);
			i += LENGTH_SIZE;
			int end = Math.min(input.length, i + length);
			messages.add(Arrays.copyOfRange(input, i, end));
			i = end;
		}
		return messages;
	}

	/**
	 * Inflates the messages up to the first that is damaged.
	 */
	private static List<byte[]> byOracle(List<byte[]> messages, int windowBits, boolean forgets) {
		StrictInflate oracle = new StrictInflate(windowBits);
		List<byte[]> payloads = new ArrayList<>();
		try {
			for (byte[] message : messages) {
				payloads.add(oracle.inflate(message));
				if (forgets) {
					oracle.forget();
				}
			}
		}
		catch (IllegalArgumentException ex) {
			// The rest is of no use
		}
		return payloads;
	}

	/**
	 * The JDK takes more than it should, but what is good it must take. It stops at a
	 * final block.
	 */
	private static void assertZlibAgrees(List<byte[]> messages, List<byte[]> expected) {
		Inflater zlib = new Inflater(true);
		try {
			for (int i = 0; i < expected.size() && !zlib.finished(); i++) {
				byte[] payload = inflate(zlib, messages.get(i));
				if (!zlib.finished() && !Arrays.equals(payload, expected.get(i))) {
					assertThat(payload).as("by zlib").isEqualTo(expected.get(i));
				}
			}
		}
		catch (DataFormatException ex) {
			throw new AssertionError("zlib does not take it", ex);
		}
		finally {
			zlib.end();
		}
	}

	private static byte[] inflate(Inflater zlib, byte[] message) throws DataFormatException {
		byte[] whole = Arrays.copyOf(message, message.length + TAIL.length);
		System.arraycopy(TAIL, 0, whole, message.length, TAIL.length);
		ByteArrayOutputStream out = new ByteArrayOutputStream();
		zlib.setInput(whole);
		byte[] piece = new byte[4096];
		for (int size = zlib.inflate(piece); size > 0; size = zlib.inflate(piece)) {
			out.write(piece, 0, size);
		}
		return out.toByteArray();
	}

	private static void check(List<byte[]> messages, List<byte[]> expected, int windowBits, boolean forgets,
			int pieceSize) {
		PeakAllocator allocator = new PeakAllocator();
		MessageInflater inflater = new MessageInflater(allocator, windowBits, !forgets);
		for (int i = 0; i < Math.min(messages.size(), expected.size() + 1); i++) {
			byte[] payload = tryInflate(inflater, messages.get(i), pieceSize);
			byte[] wanted = (i < expected.size()) ? expected.get(i) : null;
			if (!Arrays.equals(payload, wanted)) {
				assertThat(payload).as("message %d in pieces of %d", i, pieceSize).isEqualTo(wanted);
			}
		}
		inflater.release();
		assertThat(allocator.used()).as("bytes leaked").isZero();
		// While it grows there is an old and a new window
		assertThat(allocator.peak()).as("bytes taken").isLessThanOrEqualTo(2L * ((1 << windowBits) + 17 * 1024));
	}

	private static byte @Nullable [] tryInflate(MessageInflater inflater, byte[] message, int pieceSize) {
		ByteArrayOutputStream out = new ByteArrayOutputStream();
		try {
			int start = 0;
			do {
				int end = Math.min(start + pieceSize, message.length);
				inflate(inflater, Unpooled.wrappedBuffer(message, start, end - start), end == message.length, out);
				start = end;
			}
			while (start < message.length);
			return out.toByteArray();
		}
		catch (ProtocolViolation ex) {
			assertThat(ex.closeCode()).isEqualTo(1007);
			return null;
		}
	}

	private static void inflate(MessageInflater inflater, ByteBuf in, boolean last, ByteArrayOutputStream out) {
		boolean more = true;
		while (more) {
			more = inflater.decode(in, in.readableBytes(), last);
			ByteBuf piece = inflater.decoded();
			byte[] bytes = new byte[piece.readableBytes()];
			piece.readBytes(bytes);
			out.writeBytes(bytes);
		}
		if (in.isReadable()) {
			throw new AssertionError("Something is unread");
		}
	}

}
