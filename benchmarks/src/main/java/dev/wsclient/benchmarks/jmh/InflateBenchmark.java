package dev.wsclient.benchmarks.jmh;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

import dev.wsclient.benchmarks.server.Payload;
import dev.wsclient.internal.protocol.extension.Extension;
import dev.wsclient.internal.protocol.extension.ExtensionAnswer;
import dev.wsclient.internal.protocol.extension.PayloadDecoder;
import dev.wsclient.internal.protocol.extension.PerMessageDeflateOffer;
import dev.wsclient.options.Compression;

/**
 * Inflates a JSON message that was compressed by itself, and compresses it.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class InflateBenchmark {

	private static final int SIZE = 293;

	private final Extension extension = new PerMessageDeflateOffer(Compression.defaults())
		.accept(new ExtensionAnswer("permessage-deflate", List.of()));

	private final PayloadDecoder decoder = this.extension.newDecoder(PooledByteBufAllocator.DEFAULT);

	private final ByteBuf compressed = PooledByteBufAllocator.DEFAULT.directBuffer();

	private final ByteBuf out = PooledByteBufAllocator.DEFAULT.directBuffer();

	private final ByteBuffer text = ByteBuffer.wrap(Payload.JSON.text(SIZE, 0).getBytes(StandardCharsets.UTF_8));

	/**
	 * Compresses the message that is to be inflated.
	 */
	@Setup
	public void compress() {
		this.extension.encode(this.text.duplicate(), this.compressed);
	}

	/**
	 * Gives back the memory.
	 */
	@TearDown
	public void release() {
		this.decoder.release();
		this.extension.release();
		this.compressed.release();
		this.out.release();
	}

	/**
	 * Inflates.
	 * @return the size
	 */
	@Benchmark
	public int inflate() {
		this.compressed.readerIndex(0);
		this.decoder.decode(this.compressed, this.compressed.readableBytes(), true);
		int size = this.decoder.decoded().readableBytes();
		this.decoder.trim();
		return size;
	}

	/**
	 * Compresses; with context takeover, so a message that came before costs little.
	 * @return the size
	 */
	@Benchmark
	public int deflate() {
		this.extension.encode(this.text.duplicate(), this.out.clear());
		return this.out.readableBytes();
	}

}
