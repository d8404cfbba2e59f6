package dev.wsclient.internal.protocol.message;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.zip.Deflater;

import org.jspecify.annotations.Nullable;

import dev.wsclient.internal.protocol.extension.Payloads;
import dev.wsclient.internal.protocol.frame.ServerFrames;

/**
 * Valid frames, and the events they stand for: messages of all types and sizes, cut
 * anywhere, some of them compressed, control frames in between, and a Close frame at the
 * end or not.
 */
public final class RandomStream {

	private static final int[] CODE_POINTS = { 'a', 0x7F, 0x80, 0x7FF, 0x800, 0xD7FF, 0xE000, 0xFFFF, 0x10000,
			0x10FFFF };

	// Around the places where a length takes more bytes
	private static final int[] SMALL_EDGES = { 0, 1, 124, 125, 126, 127 };

	private static final int[] LARGE_EDGES = { 65_534, 65_535, 65_536, 65_537 };

	private static final HexFormat HEX = HexFormat.of();

	private final ServerFrames frames = new ServerFrames();

	private final List<String> expected = new ArrayList<>();

	private final Random random;

	private final @Nullable Deflater deflater;

	private final boolean forgets;

	/**
	 * Makes a stream without compression.
	 */
	RandomStream(Random random) {
		this(random, null, false);
	}

	/**
	 * Makes a stream.
	 * @param random decides on everything
	 * @param deflater compresses about half of the messages, or {@code null}
	 * @param forgets whether each of them stands alone
	 */
	public RandomStream(Random random, @Nullable Deflater deflater, boolean forgets) {
		this.random = random;
		this.deflater = deflater;
		this.forgets = forgets;
		for (int messages = random.nextInt(12); messages > 0; messages--) {
			message();
		}
		if (random.nextBoolean()) {
			this.frames.frame(0x88, HEX.parseHex("03f3c3a4")).frame(0x82, "after");
			this.expected.add("close 1011 \u00e4");
		}
	}

	/**
	 * Returns the frames.
	 */
	public byte[] bytes() {
		return this.frames.toByteArray();
	}

	/**
	 * Returns the events, as a {@code RecordingSink} writes them.
	 */
	List<String> expected() {
		return this.expected;
	}

	private void message() {
		boolean text = this.random.nextBoolean();
		byte[] payload = text ? randomText() : Payloads.make(this.random, this.random.nextInt(Payloads.KINDS), size());
		boolean encoded = this.deflater != null && this.random.nextBoolean();
		fragments((text ? 1 : 2) | (encoded ? 0x40 : 0), encoded ? deflate(payload) : payload);
		this.expected
			.add(text ? "text " + new String(payload, StandardCharsets.UTF_8) : "binary " + HEX.formatHex(payload));
		control();
	}

	private byte[] deflate(byte[] payload) {
		Deflater deflater = this.deflater;
		if (deflater == null) {
			throw new IllegalStateException("there is no deflater");
		}
		if (this.forgets) {
			deflater.reset();
		}
		return Payloads.deflate(deflater, payload);
	}

	private void fragments(int firstByte, byte[] payload) {
		int first = firstByte;
		int start = 0;
		for (int fragments = this.random.nextInt(4); fragments > 0; fragments--) {
			int end = start + this.random.nextInt(payload.length - start + 1);
			this.frames.frame(first, Arrays.copyOfRange(payload, start, end));
			first = 0;
			start = end;
			control();
		}
		this.frames.frame(0x80 | first, Arrays.copyOfRange(payload, start, payload.length));
	}

	private void control() {
		if (this.random.nextInt(3) == 0) {
			byte[] payload = new byte[this.random.nextInt(126)];
			this.random.nextBytes(payload);
			boolean ping = this.random.nextBoolean();
			this.frames.frame(ping ? 0x89 : 0x8A, payload);
			this.expected.add((ping ? "ping " : "pong ") + HEX.formatHex(payload));
		}
	}

	private byte[] randomText() {
		int size = size();
		boolean ascii = this.random.nextBoolean();
		StringBuilder text = new StringBuilder();
		for (int left = size; left > 0;) {
			int codePoint = ascii ? 'x' : CODE_POINTS[this.random.nextInt(CODE_POINTS.length)];
			text.appendCodePoint(codePoint);
			left -= (codePoint < 0x80) ? 1 : (codePoint < 0x800) ? 2 : (codePoint < 0x10000) ? 3 : 4;
		}
		return text.toString().getBytes(StandardCharsets.UTF_8);
	}

	private int size() {
		return switch (this.random.nextInt(50)) {
			case 0 -> LARGE_EDGES[this.random.nextInt(LARGE_EDGES.length)];
			case 1, 2, 3, 4, 5, 6, 7, 8 -> SMALL_EDGES[this.random.nextInt(SMALL_EDGES.length)];
			default -> this.random.nextInt(600);
		};
	}

}
