package dev.wsclient.internal.protocol;

import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.zip.Deflater;

import org.junit.jupiter.api.Test;

import dev.wsclient.internal.protocol.extension.MessageInflaterFuzz;
import dev.wsclient.internal.protocol.extension.Payloads;
import dev.wsclient.internal.protocol.message.MessageReaderFuzz;
import dev.wsclient.internal.protocol.message.RandomStream;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Pushes very many random bytes through the fuzz tests of reader and inflater: noise, and
 * valid streams with some damage, which get deeper. The same bytes each time.
 */
class RandomBytesFuzz {

	private static final long SIZE = Long.getLong("fuzz.bytes", 1_000_000);

	private static final Duration LIMIT = Duration.ofMinutes(30);

	private static final int MAX_NOISE = 500;

	private static final int DEFLATE_AGREED = 0x04;

	private static final int FORGETS = 0x08;

	private static final int LARGEST_WINDOW = 0x70;

	private static final int STREAMS = 0x80;

	private final Random random = new Random(6455);

	@Test
	void readerBearsThem() {
		MessageReaderFuzz target = new MessageReaderFuzz();
		push("the reader", target::read, this::stream);
	}

	@Test
	void inflaterBearsThem() {
		MessageInflaterFuzz target = new MessageInflaterFuzz();
		push("the inflater", target::inflate, this::messages);
	}

	// In another thread, as this one has to notice if it hangs
	private static void push(String name, Consumer<byte[]> target, Supplier<byte[]> source) {
		assertThat(CompletableFuture.runAsync(() -> {
			long start = System.nanoTime();
			long inputs = 0;
			long size = 0;
			while (size < SIZE) {
				byte[] input = source.get();
				push(target, input);
				size += input.length;
				inputs++;
			}
			System.out.printf("Pushed %,d bytes in %,d inputs through %s: %.1f s%n", size, inputs, name,
					(System.nanoTime() - start) / 1e9);
		})).succeedsWithin(LIMIT);
	}

	private static void push(Consumer<byte[]> target, byte[] input) {
		try {
			target.accept(input);
		}
		catch (RuntimeException | AssertionError ex) {
			throw new AssertionError("Broken by " + HexFormat.of().formatHex(input), ex);
		}
	}

	// Like the inputs of MessageReaderFuzz
	private byte[] stream() {
		if (this.random.nextInt(4) == 0) {
			return noise();
		}
		boolean forgets = this.random.nextBoolean();
		Deflater deflater = this.random.nextBoolean() ? new Deflater(this.random.nextInt(10), true) : null;
		byte[] stream = damage(new RandomStream(this.random, deflater, forgets).bytes());
		int settings = this.random.nextBoolean() ? STREAMS : 0;
		if (deflater != null) {
			deflater.end();
			settings |= DEFLATE_AGREED | LARGEST_WINDOW | (forgets ? FORGETS : 0);
		}
		return concat(settings, stream);
	}

	// Like the inputs of MessageInflaterFuzz
	private byte[] messages() {
		if (this.random.nextInt(4) == 0) {
			return noise();
		}
		Deflater deflater = new Deflater(this.random.nextInt(10), true);
		deflater.setStrategy(this.random.nextInt(3));
		ByteArrayOutputStream messages = new ByteArrayOutputStream();
		for (int i = this.random.nextInt(4); i >= 0; i--) {
			byte[] payload = Payloads.make(this.random, this.random.nextInt(Payloads.KINDS), this.random.nextInt(2000));
			byte[] message = Payloads.deflate(deflater, payload);
			messages.write(message.length >> 8);
			messages.write(message.length);
			messages.writeBytes(message);
		}
		deflater.end();
		return concat(7, damage(messages.toByteArray()));
	}

	private byte[] noise() {
		byte[] noise = new byte[1 + this.random.nextInt(MAX_NOISE)];
		this.random.nextBytes(noise);
		return noise;
	}

	private byte[] damage(byte[] bytes) {
		byte[] damaged = bytes;
		for (int times = this.random.nextInt(4); times > 0 && damaged.length > 0; times--) {
			int at = this.random.nextInt(damaged.length);
			if (this.random.nextBoolean()) {
				damaged[at] ^= (byte) (1 << this.random.nextInt(Byte.SIZE));
			}
			else {
				int end = Math.min(damaged.length, at + this.random.nextInt(20));
				damaged = replace(damaged, at, end, this.random.nextBoolean() ? noise() : new byte[0]);
			}
		}
		return damaged;
	}

	private static byte[] replace(byte[] bytes, int start, int end, byte[] piece) {
		ByteArrayOutputStream out = new ByteArrayOutputStream();
		out.write(bytes, 0, start);
		out.writeBytes(piece);
		out.write(bytes, end, bytes.length - end);
		return out.toByteArray();
	}

	private static byte[] concat(int settings, byte[] bytes) {
		return replace(bytes, 0, 0, new byte[] { (byte) settings });
	}

}
