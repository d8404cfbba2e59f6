package dev.wsclient.internal.protocol.extension;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.Deflater;

/**
 * Payloads of all kinds, and what zlib makes of them.
 */
public final class Payloads {

	public static final int KINDS = 5;

	private Payloads() {
	}

	/**
	 * Makes a payload: JSON, zeros, noise, a mixture, or few letters.
	 */
	public static byte[] make(Random random, int kind, int size) {
		byte[] bytes = new byte[size];
		switch (kind) {
			case 0 -> {
				StringBuilder json = new StringBuilder("[");
				while (json.length() < size) {
					json.append("{\"symbol\":\"EUR")
						.append(random.nextInt(90))
						.append("\",\"price\":")
						.append(random.nextInt(1_000_000))
						.append(",\"side\":\"")
						.append(random.nextBoolean() ? "buy" : "sell")
						.append("\"},");
				}
				bytes = json.substring(0, size).getBytes(StandardCharsets.US_ASCII);
			}
			case 1 -> {
			}
			case 2 -> random.nextBytes(bytes);
			case 3 -> {
				random.nextBytes(bytes);
				for (int i = 0; i + 1 < size; i += 1 + random.nextInt(300)) {
					int length = Math.min(random.nextInt(300), size - i);
					System.arraycopy(bytes, random.nextInt(i + 1), bytes, i, Math.min(length, size - i));
				}
			}
			default -> {
				for (int i = 0; i < size; i++) {
					bytes[i] = (byte) "aaaabbc\u00e4".charAt(random.nextInt(8));
				}
			}
		}
		return bytes;
	}

	/**
	 * Deflates a message as a server does that keeps its history.
	 */
	public static byte[] deflate(Deflater deflater, byte[] payload) {
		if (payload.length == 0) {
			return new byte[1];
		}
		ByteArrayOutputStream out = new ByteArrayOutputStream();
		deflater.setInput(payload);
		byte[] piece = new byte[payload.length + 1000];
		int size;
		do {
			size = deflater.deflate(piece, 0, piece.length, Deflater.SYNC_FLUSH);
			out.write(piece, 0, size);
		}
		while (size > 0 || deflater.getTotalIn() == 0);
		return Arrays.copyOf(out.toByteArray(), out.size() - 4);
	}

}
