package dev.wsclient.benchmarks.jmh;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

import dev.wsclient.benchmarks.server.Payload;
import dev.wsclient.internal.protocol.frame.FrameReader;
import dev.wsclient.internal.protocol.frame.FrameWriter;

/**
 * Walks over the headers of a read buffer, and writes and masks single frames.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class FrameBenchmark {

	private static final int READ_SIZE = 64 * 1024;

	/**
	 * Bytes of a message.
	 */
	@Param({ "64", "1024", "65536" })
	public int size = 64;

	private final FrameWriter writer = new FrameWriter(() -> 0x5A17C3E9);

	private final FrameReader reader = new FrameReader();

	private ByteBuf frames = Unpooled.EMPTY_BUFFER;

	private ByteBuf out = Unpooled.EMPTY_BUFFER;

	private String text = "";

	private ByteBuffer bytes = ByteBuffer.allocate(0);

	/**
	 * Builds what is read and written.
	 */
	@Setup
	public void build() {
		this.frames = Frames.text(Payload.ASCII, this.size, Math.max(1, READ_SIZE / this.size));
		this.out = PooledByteBufAllocator.DEFAULT.directBuffer(this.size + 16);
		this.text = Payload.ASCII.text(this.size, 0);
		this.bytes = ByteBuffer.wrap(this.text.getBytes(StandardCharsets.UTF_8));
	}

	/**
	 * Releases what was built.
	 */
	@TearDown
	public void release() {
		this.frames.release();
		this.out.release();
	}

	/**
	 * Walks over the frames of a read.
	 * @return how many bytes of payload there were
	 */
	@Benchmark
	public long readHeaders() {
		long sum = 0;
		this.frames.readerIndex(0);
		while (this.reader.read(this.frames)) {
			sum += this.reader.payloadLength();
			this.frames.skipBytes((int) this.reader.payloadLength());
		}
		return sum;
	}

	/**
	 * Encodes, frames and masks a text.
	 * @return the frame
	 */
	@Benchmark
	public ByteBuf writeText() {
		this.writer.writeText(this.out.clear(), this.text.getBytes(StandardCharsets.UTF_8));
		return this.out;
	}

	/**
	 * Frames and masks bytes, which is copying and masking.
	 * @return the frame
	 */
	@Benchmark
	public ByteBuf writeBinary() {
		this.writer.writeBinary(this.out.clear(), this.bytes);
		return this.out;
	}

}
