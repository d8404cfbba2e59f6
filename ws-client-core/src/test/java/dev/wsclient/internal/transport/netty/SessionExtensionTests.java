package dev.wsclient.internal.transport.netty;

import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import dev.wsclient.CloseStatus;
import dev.wsclient.WsFragment;
import dev.wsclient.WsHandshakeResponse;
import dev.wsclient.WsMessage;
import dev.wsclient.exception.ErrorContext.Phase;
import dev.wsclient.exception.WsTimeoutException.Deadline;
import dev.wsclient.internal.protocol.extension.Extension;
import dev.wsclient.internal.protocol.extension.ExtensionAnswer;
import dev.wsclient.internal.protocol.extension.ExtensionOffer;
import dev.wsclient.internal.protocol.extension.PayloadDecoder;
import dev.wsclient.internal.protocol.frame.ProtocolViolation;
import dev.wsclient.internal.transport.Failure;
import dev.wsclient.internal.transport.Outbound;
import dev.wsclient.internal.transport.SessionEnd;
import dev.wsclient.internal.transport.SessionHandler;
import dev.wsclient.options.WsHandshakeRequest;
import dev.wsclient.options.WsOptions;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that a {@link SessionChannelHandler} frees its extension however it ends.
 */
class SessionExtensionTests {

	// For a key of zeros
	private static final String ANSWER = String.join("\r\n", "HTTP/1.1 101 Switching Protocols", "Upgrade: websocket",
			"Connection: Upgrade", "Sec-WebSocket-Accept: ICX+Yqv66kxgM0FcWaLWlFLwTAI=",
			"Sec-WebSocket-Extensions: fake", "", "");

	private final EmbeddedChannel channel = new EmbeddedChannel();

	private final NettyScheduler scheduler = new NettyScheduler(this.channel.eventLoop(), new NoRandom());

	private final FakeExtension extension = new FakeExtension();

	private final RecordingHandler handler = new RecordingHandler();

	private final SessionChannelHandler session = new SessionChannelHandler(this.scheduler,
			new WsHandshakeRequest(URI.create("ws://server/"), Map.of(), List.of()),
			WsOptions.builder("ws://server/").build(), List.of(this.extension), this.handler, this.handler::onEnd);

	@BeforeEach
	void open() {
		this.channel.pipeline().addLast(this.session);
		this.channel.pipeline().fireChannelActive();
		this.channel.writeInbound(Unpooled.copiedBuffer(ANSWER, StandardCharsets.US_ASCII));
		write();
		receive("4102 6162");
		assertThat(this.extension.encoder.held).isTrue();
		assertThat(this.extension.decoder.held).isTrue();
	}

	@AfterEach
	void releaseFrames() {
		this.channel.releaseOutbound();
	}

	static Stream<Arguments> ends() {
		return Stream.of(end("reset", (test) -> test.channel.pipeline().fireExceptionCaught(new IOException("reset"))),
				end("end of stream within a message", (test) -> test.channel.close()),
				end("Close frame within a message", (test) -> {
					test.receive("8802 03e8");
					test.channel.close();
				}), end("damaged message", (test) -> {
					test.receive("8001 ff");
					test.channel.close();
				}), end("broken protocol", (test) -> {
					test.receive("8300");
					test.channel.close();
				}), end("abort", (test) -> test.session.abort(null)), end("close without an answer", (test) -> {
					test.session.close(CloseStatus.NORMAL);
					test.session.abort(new Failure.Timeout(Deadline.CLOSE, Duration.ofSeconds(5)));
				}), end("listener that throws", (test) -> test.receive("8001 63")),
				end("message that can't be encoded", (test) -> {
					test.extension.broken = true;
					test.write();
					assertThat(test.handler.lost).isNotEmpty();
				}));
	}

	private static Arguments end(String name, Consumer<SessionExtensionTests> end) {
		return Arguments.of(name, end);
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("ends")
	void everyEndFreesTheExtension(String name, Consumer<SessionExtensionTests> end) {
		end.accept(this);
		this.channel.runPendingTasks();
		assertThat(this.handler.ends).hasSize(1);
		assertThat(this.extension.encoder.held).isFalse();
		assertThat(this.extension.decoder.held).isFalse();
		write();
		assertThat(this.extension.encoder.held).isFalse();
	}

	@Test
	void messagesBehindOneThatCantBeEncodedAreLost() {
		this.extension.broken = true;
		write();
		this.extension.broken = false;
		write();
		assertThat(this.handler.lost).hasSize(2);
		assertThat(this.handler.ends).singleElement()
			.extracting(SessionEnd::failure)
			.asString()
			.contains("a message could not be encoded")
			.contains("no memory");
	}

	private void write() {
		this.session.write(Outbound.text(this.scheduler, "hello"));
		this.session.flush();
	}

	private void receive(String hex) {
		this.channel.writeInbound(Unpooled.wrappedBuffer(HexFormat.of().parseHex(hex.replace(" ", ""))));
	}

	/**
	 * Something that is taken when needed and given back.
	 */
	private static final class Memory {

		private boolean held;

	}

	/**
	 * An extension that changes nothing but takes memory for it.
	 */
	private static final class FakeExtension implements ExtensionOffer, Extension {

		private final Memory encoder = new Memory();

		private final Memory decoder = new Memory();

		private boolean broken;

		@Override
		public String name() {
			return "fake";
		}

		@Override
		public String text() {
			return "fake";
		}

		@Override
		public Extension accept(ExtensionAnswer answer) {
			return this;
		}

		@Override
		public int reservedBits() {
			return 0x40;
		}

		@Override
		public PayloadDecoder newDecoder(ByteBufAllocator allocator) {
			return new FakeDecoder(this.decoder);
		}

		@Override
		public boolean isWorthEncoding(int payloadSize) {
			return true;
		}

		@Override
		public void encode(ByteBuffer payload, ByteBuf out) {
			this.encoder.held = true;
			out.writeByte(payload.get());
			if (this.broken) {
				throw new OutOfMemoryError("no memory");
			}
			out.writeBytes(payload);
		}

		@Override
		public void release() {
			this.encoder.held = false;
		}

		@Override
		public String toString() {
			return "fake";
		}

	}

	/**
	 * A decoder that finds 0xFF damaged.
	 */
	private static final class FakeDecoder implements PayloadDecoder {

		private final Memory memory;

		private ByteBuf decoded = Unpooled.EMPTY_BUFFER;

		FakeDecoder(Memory memory) {
			this.memory = memory;
		}

		@Override
		public boolean decode(ByteBuf in, int length, boolean last) {
			this.memory.held = true;
			this.decoded = Unpooled.copiedBuffer(in.readSlice(length));
			if (this.decoded.indexOf(0, length, (byte) 0xFF) >= 0) {
				throw new ProtocolViolation(1007, "", "damaged");
			}
			return false;
		}

		@Override
		public ByteBuf decoded() {
			return this.decoded;
		}

		@Override
		public void trim() {
		}

		@Override
		public void release() {
			this.memory.held = false;
		}

	}

	/**
	 * Keeps what it hears, and throws when a message comes.
	 */
	private static final class RecordingHandler implements SessionHandler {

		private final List<SessionEnd> ends = new ArrayList<>();

		private final List<Outbound> lost = new ArrayList<>();

		@Override
		public void onStep(Phase step) {
		}

		@Override
		public void onConnected() {
		}

		@Override
		public void onOpen(WsHandshakeResponse response) {
		}

		@Override
		public void onRead() {
		}

		@Override
		public void onMessage(WsMessage message) {
			throw new IllegalStateException("a listener threw");
		}

		@Override
		public void onFragment(WsFragment fragment) {
		}

		@Override
		public void onPing(ByteBuffer payload) {
		}

		@Override
		public void onPong(ByteBuffer payload) {
		}

		@Override
		public void onCloseDue() {
		}

		@Override
		public void onClosing() {
		}

		@Override
		public void onWriteProgress() {
		}

		@Override
		public void onWritable() {
		}

		@Override
		public void onWritten(List<Outbound> messages) {
		}

		@Override
		public void onLost(Outbound message) {
			this.lost.add(message);
		}

		@Override
		public void onEnd(SessionEnd end) {
			this.ends.add(end);
		}

	}

	/**
	 * Makes handshakes predictable.
	 */
	private static final class NoRandom extends SecureRandom {

		@Override
		public void nextBytes(byte[] bytes) {
		}

	}

}
