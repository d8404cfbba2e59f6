package dev.wsclient.internal.protocol.message;

import java.nio.charset.StandardCharsets;
import java.util.List;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.wsclient.internal.protocol.extension.ExtensionAnswer;
import dev.wsclient.internal.protocol.extension.PerMessageDeflateOffer;
import dev.wsclient.internal.protocol.frame.Opcode;
import dev.wsclient.internal.protocol.frame.ProtocolViolation;
import dev.wsclient.internal.protocol.frame.ServerFrames;
import dev.wsclient.options.Compression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Messages in pieces.
 */
class StreamingReaderTests {

	private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(false);

	private final StreamingSink sink = new StreamingSink();

	private MessageReader reader = MessageReader.streaming(Integer.MAX_VALUE, this.allocator, this.sink, null);

	private void read(ServerFrames frames, int pieceSize) {
		ByteBuf all = Unpooled.wrappedBuffer(frames.toByteArray());
		try {
			while (all.isReadable()) {
				this.reader.read(all.readSlice(Math.min(pieceSize, all.readableBytes())));
			}
		}
		finally {
			all.release();
		}
	}

	@Test
	void piecesAreThoseThatWereReadNotTheFrames() {
		read(new ServerFrames().frame(0x01, "Hello").frame(0x89, "ping").frame(0x80, " World").frame(0x82, ""), 9);
		assertThat(this.sink.events).containsExactly("first TEXT Hello", "ping 70696e67", "TEXT  Wo", "last TEXT rld",
				"first last BINARY ");
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 3, 1000 })
	void nothingIsKept(int pieceSize) {
		read(new ServerFrames().frame(0x01, "a".repeat(3_000)).frame(0x80, "b".repeat(3_000)), pieceSize);
		assertThat(this.sink.text.toString()).isEqualTo("a".repeat(3_000) + "b".repeat(3_000));
		assertThat(this.allocator.metric().usedHeapMemory()).isZero();
		assertThat(this.sink.events.get(0)).startsWith("first TEXT");
		assertThat(this.sink.events).last().asString().startsWith("last TEXT");
	}

	@Test
	void messageMayHaveAnyNumberOfFragments() {
		ServerFrames frames = new ServerFrames().frame(0x02, "");
		for (int i = 0; i < CurrentMessage.MAX_FRAGMENTS + 1; i++) {
			frames.frame(0x00, "");
		}
		read(frames.frame(0x80, "x"), 100_000);
		assertThat(this.sink.events).containsExactly("first last BINARY x");
	}

	@Test
	void textIsCheckedOverPiecesAndWhatCameBeforeIsDelivered() {
		assertThatExceptionOfType(ProtocolViolation.class)
			.isThrownBy(() -> read(new ServerFrames().frame(0x01, "abc").hex("8002FF41"), 5))
			.withMessageContaining("offset 3")
			.satisfies((ex) -> assertThat(ex.closeCode()).isEqualTo(1007));
		assertThat(this.sink.events).containsExactly("first TEXT abc");
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 1000 })
	void encodedMessagesAreDecodedPieceByPiece(int pieceSize) {
		this.reader = MessageReader.streaming(Integer.MAX_VALUE, this.allocator, this.sink,
				new PerMessageDeflateOffer(Compression.defaults())
					.accept(new ExtensionAnswer("permessage-deflate", List.of())));
		read(new ServerFrames().hex("C107F248CDC9C90700").hex("C107F248CDC9C90700"), pieceSize);
		assertThat(this.sink.text).hasToString("HelloHello");
		this.reader.release();
	}

	@Test
	void sinkMayStopTheReader() {
		this.sink.stopAfterFirst = true;
		read(new ServerFrames().frame(0x01, "a").frame(0x80, "b"), 100);
		assertThat(this.sink.events).containsExactly("first TEXT a");
	}

	/**
	 * Records pieces.
	 */
	private final class StreamingSink extends RecordingSink {

		private final StringBuilder text = new StringBuilder();

		private boolean stopAfterFirst;

		@Override
		public void onFragment(int opcode, ByteBuf payload, boolean first, boolean last) {
			String piece = payload.toString(StandardCharsets.UTF_8);
			this.text.append(piece);
			record((first ? "first " : "") + (last ? "last " : "") + ((opcode == Opcode.TEXT) ? "TEXT " : "BINARY ")
					+ piece);
			if (this.stopAfterFirst) {
				StreamingReaderTests.this.reader.stop();
			}
		}

	}

}
