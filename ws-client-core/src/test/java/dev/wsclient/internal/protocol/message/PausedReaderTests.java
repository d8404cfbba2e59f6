package dev.wsclient.internal.protocol.message;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.wsclient.internal.protocol.extension.Extension;
import dev.wsclient.internal.protocol.extension.ExtensionAnswer;
import dev.wsclient.internal.protocol.extension.PerMessageDeflateOffer;
import dev.wsclient.internal.protocol.frame.ServerFrames;
import dev.wsclient.options.Compression;
import dev.wsclient.testserver.DeflatePeer;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that a {@link MessageReader} delivers nothing while it is paused, and goes on
 * where it was.
 */
class PausedReaderTests {

	private static final int MESSAGES = 2000;

	private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(false);

	private final Extension extension = new PerMessageDeflateOffer(Compression.defaults())
		.accept(new ExtensionAnswer("permessage-deflate", List.of()));

	private final PausingSink sink = new PausingSink();

	private MessageReader reader = newReader(false);

	private MessageReader newReader(boolean streaming) {
		return streaming ? MessageReader.streaming(Integer.MAX_VALUE, this.allocator, this.sink, this.extension)
				: new MessageReader(Integer.MAX_VALUE, Integer.MAX_VALUE, this.allocator, this.sink, this.extension);
	}

	@AfterEach
	void nothingIsKept() {
		this.reader.release();
		this.extension.release();
		assertThat(this.allocator.metric().usedHeapMemory()).isZero();
		assertThat(this.allocator.metric().usedDirectMemory()).isZero();
	}

	private static byte[] stream(String kind) {
		ServerFrames frames = new ServerFrames();
		DeflatePeer peer = new DeflatePeer(15, false, 15, false);
		for (int i = 0; i < MESSAGES; i++) {
			String text = "message " + i;
			switch (kind) {
				case "plain" -> frames.frame(0x81, text);
				case "fragmented" -> frames.frame(0x01, text.substring(0, 3)).frame(0x80, text.substring(3));
				case "compressed" -> frames.frame(0xC1, peer.deflate(text.getBytes(StandardCharsets.UTF_8)));
				default -> throw new IllegalArgumentException(kind);
			}
		}
		return frames.toByteArray();
	}

	private static List<String> expected() {
		return IntStream.range(0, MESSAGES).mapToObj((i) -> "text message " + i).toList();
	}

	@ParameterizedTest
	@CsvSource({ "plain, true", "plain, false", "fragmented, true", "fragmented, false", "compressed, true",
			"compressed, false" })
	void messageThatPausesIsTheLastAndTheNextOnesComeWhenReadingGoesOn(String kind, boolean direct) {
		byte[] stream = stream(kind);
		ByteBuf in = direct ? Unpooled.directBuffer(stream.length) : Unpooled.buffer(stream.length);
		in.writeBytes(stream);
		this.sink.pauses = true;
		for (int i = 1; i <= MESSAGES; i++) {
			this.reader.read(in);
			assertThat(this.reader.isPaused()).isTrue();
			assertThat(this.sink.events).hasSize(i);
			this.reader.read(in);
			assertThat(this.sink.events).as("events, with those of a paused reader").hasSize(i);
			this.reader.resume();
		}
		assertThat(in.isReadable()).isFalse();
		this.reader.read(in);
		assertThat(this.sink.events).isEqualTo(expected());
		in.release();
	}

	@ParameterizedTest
	@ValueSource(strings = { "plain", "fragmented", "compressed" })
	void oneByteAtATimeIsTheSame(String kind) {
		this.sink.pauses = true;
		for (byte value : stream(kind)) {
			ByteBuf in = Unpooled.wrappedBuffer(new byte[] { value });
			int before = this.sink.events.size();
			this.reader.read(in);
			this.reader.resume();
			this.reader.read(in);
			assertThat(this.sink.events.size() - before).isLessThanOrEqualTo(1);
			assertThat(in.isReadable()).isFalse();
		}
		assertThat(this.sink.events).isEqualTo(expected());
	}

	@Test
	void pingsPausedAtAndCloseFramesBehindThemComeInOrder() {
		this.sink.pauses = true;
		ByteBuf in = Unpooled.wrappedBuffer(
				new ServerFrames().frame(0x01, "a").frame(0x89, "p").frame(0x80, "b").hex("8802 03e8").toByteArray());
		this.reader.read(in);
		assertThat(this.sink.events).containsExactly("ping 70");
		this.reader.resume();
		this.reader.read(in);
		assertThat(this.sink.events).containsExactly("ping 70", "text ab");
		this.reader.resume();
		this.reader.read(in);
		assertThat(this.sink.events).containsExactly("ping 70", "text ab", "close 1000 ");
		assertThat(this.reader.isPaused()).as("paused behind a Close frame").isFalse();
	}

	/**
	 * A megabyte from one frame of a few bytes: there is more to deliver when all bytes
	 * were taken.
	 */
	@ParameterizedTest
	@ValueSource(ints = { 1, 100, 10_000 })
	void streamedMessageIsInflatedNoFurtherThanThePause(int pieceSize) {
		this.reader = newReader(true);
		this.sink.pauses = true;
		byte[] payload = "0123456789".repeat(100_000).getBytes(StandardCharsets.UTF_8);
		ByteBuf all = Unpooled.wrappedBuffer(
				new ServerFrames().frame(0xC1, new DeflatePeer(15, false, 15, false).deflate(payload)).toByteArray());
		int most = 0;
		while (all.isReadable()) {
			ByteBuf in = all.readSlice(Math.min(pieceSize, all.readableBytes()));
			boolean more = true;
			while (more) {
				int before = this.sink.events.size();
				this.reader.read(in);
				assertThat(this.sink.events.size() - before).isLessThanOrEqualTo(1);
				more = this.reader.isPaused();
				this.reader.resume();
			}
			assertThat(in.isReadable()).isFalse();
			most = Math.max(most, this.sink.largestPiece);
		}
		assertThat(most).isLessThan(100_000);
		assertThat(this.sink.events).hasSizeGreaterThan(10);
		assertThat(this.sink.text.toString()).isEqualTo("0123456789".repeat(100_000));
		assertThat(this.sink.events.get(this.sink.events.size() - 1)).isEqualTo("last");
		all.release();
	}

	@Test
	void sinkThatPausesAndResumesIsNotHeldUp() {
		this.sink.resumes = true;
		ByteBuf in = Unpooled.wrappedBuffer(stream("plain"));
		this.reader.read(in);
		assertThat(this.sink.events).isEqualTo(expected());
	}

	@Test
	void stoppedReaderStaysStopped() {
		this.sink.stops = true;
		ByteBuf in = Unpooled.wrappedBuffer(stream("plain"));
		this.reader.read(in);
		assertThat(this.reader.isPaused()).isFalse();
		assertThat(in.isReadable()).isFalse();
		this.reader.resume();
		this.reader.read(Unpooled.wrappedBuffer(stream("plain")));
		assertThat(this.sink.events).containsExactly("text message 0");
	}

	/**
	 * Pauses at each call.
	 */
	private final class PausingSink extends RecordingSink {

		private boolean pauses;

		private boolean resumes;

		private boolean stops;

		private final StringBuilder text = new StringBuilder();

		private int largestPiece;

		@Override
		public void onFragment(int opcode, ByteBuf payload, boolean first, boolean last) {
			this.largestPiece = Math.max(this.largestPiece, payload.readableBytes());
			this.text.append(payload.toString(StandardCharsets.UTF_8));
			record(last ? "last" : "piece");
		}

		@Override
		void record(String event) {
			super.record(event);
			MessageReader reader = PausedReaderTests.this.reader;
			if (this.pauses || this.resumes) {
				reader.pause();
			}
			if (this.resumes) {
				reader.resume();
			}
			if (this.stops) {
				reader.pause();
				reader.stop();
				reader.resume();
			}
		}

	}

}
