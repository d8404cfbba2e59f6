package dev.wsclient.internal.transport.netty;

import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.wsclient.internal.transport.Outbound;
import dev.wsclient.options.WsHandshakeRequest;
import dev.wsclient.options.WsOptions;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of a {@link SessionChannelHandler} on a channel that does as the test says.
 */
class SessionChannelHandlerTests {

	// For a key of zeros
	private static final String ANSWER = String.join("\r\n", "HTTP/1.1 101 Switching Protocols", "Upgrade: websocket",
			"Connection: Upgrade", "Sec-WebSocket-Accept: ICX+Yqv66kxgM0FcWaLWlFLwTAI=", "", "");

	private final EmbeddedChannel channel = new EmbeddedChannel();

	private final HeldClose held = new HeldClose();

	private final NettyScheduler scheduler = new NettyScheduler(this.channel.eventLoop(), new SecureRandom() {

		@Override
		public void nextBytes(byte[] bytes) {
		}

	});

	private final RecordingHandler handler = new RecordingHandler();

	private SessionChannelHandler session = session(WsOptions.builder("ws://server/").build());

	private SessionChannelHandler session(WsOptions options) {
		return new SessionChannelHandler(this.scheduler,
				new WsHandshakeRequest(URI.create("ws://server/"), Map.of(), List.of()), options, List.of(),
				this.handler, this.handler::onEnd);
	}

	@BeforeEach
	void connect() {
		this.channel.pipeline().addLast(this.held, this.session);
		this.channel.pipeline().fireChannelActive();
		this.channel.releaseOutbound();
	}

	@AfterEach
	void release() {
		this.held.letGo();
		this.channel.finishAndReleaseAll();
	}

	private void answer() {
		this.channel.writeInbound(Unpooled.copiedBuffer(ANSWER, StandardCharsets.US_ASCII));
	}

	@Test
	void answerBehindAnAbortOpensNothing() {
		this.session.abort(null);
		answer();
		assertThat(this.handler.response).isNull();
		this.held.letGo();
		this.channel.runPendingTasks();
		assertThat(this.handler.ends).hasValue(1);
		assertThat(this.handler.failure()).isNull();
	}

	@Test
	void keepAlivePingsDontPileUpBeforeASocketThatTakesNothing() {
		answer();
		assertThat(this.handler.response).isNotNull();
		this.held.holdWrites = true;
		for (int i = 0; i < 10; i++) {
			this.session.writePing(ByteBuffer.allocate(8));
			this.session.flush();
		}
		assertThat(this.held.writes).isOne();
		this.held.letGo();
		this.held.holdWrites = false;
		this.session.writePing(ByteBuffer.allocate(8));
		this.session.flush();
		assertThat(this.channel.outboundMessages()).hasSize(1);
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 64, 65, 200 })
	void eachMessageOfABufferIsToldToBeWrittenOnceAndInOrder(int count) {
		answer();
		List<Outbound> messages = IntStream.range(0, count)
			.mapToObj((number) -> Outbound.text(this.scheduler, "message " + number))
			.toList();
		messages.forEach(this.session::write);
		assertThat(this.handler.written).isEmpty();
		this.session.flush();
		assertThat(this.handler.written).isEqualTo(messages);
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void pingsAreAnsweredUnlessTheUserDoesSo(boolean autoPong) {
		this.channel.pipeline().remove(this.session);
		this.session = session(WsOptions.builder("ws://server/").autoPong(autoPong).build());
		this.channel.pipeline().addLast(this.session);
		this.channel.releaseOutbound();
		answer();
		this.channel.writeInbound(Unpooled.wrappedBuffer(new byte[] { (byte) 0x89, 1, 'p' }));
		assertThat(this.handler.pings).hasValue(1);
		assertThat(this.channel.outboundMessages()).hasSize(autoPong ? 1 : 0);
	}

	/**
	 * Closes late, as TLS may, and takes writes late, as a full socket does.
	 */
	private static final class HeldClose extends ChannelOutboundHandlerAdapter {

		private boolean holdWrites;

		private int writes;

		private @Nullable Runnable close;

		private @Nullable ChannelPromise write;

		@Override
		public void close(ChannelHandlerContext context, ChannelPromise promise) {
			this.close = () -> context.close(promise);
		}

		@Override
		public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) throws Exception {
			if (this.holdWrites) {
				this.writes++;
				this.write = promise;
				ReferenceCountUtil.release(message);
			}
			else {
				super.write(context, message, promise);
			}
		}

		void letGo() {
			if (this.close != null) {
				this.close.run();
				this.close = null;
			}
			if (this.write != null) {
				this.write.trySuccess();
				this.write = null;
			}
		}

	}

}
