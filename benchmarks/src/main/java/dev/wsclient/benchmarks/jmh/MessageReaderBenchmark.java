package dev.wsclient.benchmarks.jmh;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
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
import org.openjdk.jmh.infra.Blackhole;

import dev.wsclient.benchmarks.server.Payload;
import dev.wsclient.internal.protocol.message.MessageReader;
import dev.wsclient.internal.protocol.message.MessageSink;

/**
 * Reads all messages of one read buffer: headers, UTF-8, limits, and the text.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class MessageReaderBenchmark {

	private static final ByteBufAllocator allocator = PooledByteBufAllocator.DEFAULT;

	/**
	 * Bytes of a message, and how many of them are in the buffer.
	 */
	@Param({ "64x1000", "1024x64", "65536x1" })
	public String messages = "64x1000";

	/**
	 * What they carry.
	 */
	@Param({ "ASCII", "UTF8" })
	public Payload payload = Payload.ASCII;

	private ByteBuf frames = Unpooled.EMPTY_BUFFER;

	/**
	 * Builds the frames.
	 */
	@Setup
	public void build() {
		int by = this.messages.indexOf('x');
		this.frames = Frames.text(this.payload, Integer.parseInt(this.messages.substring(0, by)),
				Integer.parseInt(this.messages.substring(by + 1)));
	}

	/**
	 * Releases what was built.
	 */
	@TearDown
	public void release() {
		this.frames.release();
	}

	/**
	 * Reads the messages and makes a {@code String} of each.
	 * @param blackhole takes the texts
	 */
	@Benchmark
	public void text(Blackhole blackhole) {
		MessageReader reader = new MessageReader(1024 * 1024, allocator, new Sink(blackhole));
		this.frames.readerIndex(0);
		reader.read(this.frames);
	}

	private record Sink(Blackhole blackhole) implements MessageSink {

		@Override
		public void onText(ByteBuf payload) {
			this.blackhole.consume(payload.toString(StandardCharsets.UTF_8));
		}

		@Override
		public void onBinary(ByteBuf payload) {
			this.blackhole.consume(payload);
		}

		@Override
		public void onPing(ByteBuf payload) {
		}

		@Override
		public void onPong(ByteBuf payload) {
		}

		@Override
		public void onClose(int code, String reason) {
		}

	}

}
