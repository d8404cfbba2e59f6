package dev.wsclient.internal.transport.netty;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.wsclient.CloseStatus;
import dev.wsclient.WsCloseEvent.Initiator;
import dev.wsclient.exception.WsTimeoutException.Deadline;
import dev.wsclient.internal.protocol.frame.ServerFrames;
import dev.wsclient.internal.transport.Failure;
import dev.wsclient.options.WsHandshakeRequest;
import dev.wsclient.options.WsOptions;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of what a {@link SessionChannelHandler} does with bytes that were read from the
 * socket when reading was stopped.
 */
class StoppedReadingTests {

	private static final int MESSAGES = 1000;

	// For a key of zeros
	private static final String ANSWER = String.join("\r\n", "HTTP/1.1 101 Switching Protocols", "Upgrade: websocket",
			"Connection: Upgrade", "Sec-WebSocket-Accept: ICX+Yqv66kxgM0FcWaLWlFLwTAI=", "", "");

	private final EmbeddedChannel channel = new EmbeddedChannel();

	private final NettyScheduler scheduler = new NettyScheduler(this.channel.eventLoop(), new SecureRandom() {

		@Override
		public void nextBytes(byte[] bytes) {
		}

	});

	private final RecordingHandler handler = new RecordingHandler();

	private final SessionChannelHandler session = new SessionChannelHandler(this.scheduler,
			new WsHandshakeRequest(URI.create("ws://server/"), Map.of(), List.of()),
			WsOptions.builder("ws://server/").build(), List.of(), this.handler, this.handler::onEnd);

	private final List<ByteBuf> buffers = new ArrayList<>();

	@BeforeEach
	void open() {
		this.channel.pipeline().addLast(this.session);
		this.channel.pipeline().fireChannelActive();
		this.channel.releaseOutbound();
		receive(ANSWER.getBytes(StandardCharsets.US_ASCII));
	}

	@AfterEach
	void everyBufferIsReleased() {
		this.channel.finishAndReleaseAll();
		assertThat(this.buffers).allSatisfy((buffer) -> assertThat(buffer.refCnt()).isZero());
	}

	private void receive(byte[] bytes) {
		ByteBuf buffer = Unpooled.directBuffer(bytes.length).writeBytes(bytes);
		this.buffers.add(buffer);
		this.channel.writeInbound(buffer);
	}

	private static byte[] messages(int from, int to) {
		ServerFrames frames = new ServerFrames();
		for (int i = from; i < to; i++) {
			frames.frame(0x81, Integer.toString(i));
		}
		return frames.toByteArray();
	}

	private static List<String> numbers(int to) {
		return IntStream.range(0, to).mapToObj(Integer::toString).toList();
	}

	private void pauseAt(String message) {
		this.handler.reaction = (text) -> {
			if (text.equals(message)) {
				this.session.setReading(false);
			}
		};
	}

	private void goOn() {
		this.session.setReading(true);
		this.channel.runPendingTasks();
	}

	private boolean isSocketRead() {
		return this.channel.config().isAutoRead();
	}

	@Test
	void messageThatPausesIsTheLastOfItsReadUntilReadingGoesOn() {
		pauseAt("9");
		receive(messages(0, MESSAGES));
		assertThat(this.handler.messages).isEqualTo(numbers(10));
		assertThat(isSocketRead()).isFalse();
		this.session.setReading(true);
		assertThat(isSocketRead()).as("read before what waits is delivered").isFalse();
		assertThat(this.handler.messages).as("messages delivered within the call").isEqualTo(numbers(10));
		this.channel.runPendingTasks();
		assertThat(this.handler.messages).isEqualTo(numbers(MESSAGES));
		assertThat(isSocketRead()).isTrue();
	}

	@Test
	void readingOnMayBeStoppedAgainAndAgain() {
		this.handler.reaction = (text) -> this.session.setReading(false);
		receive(messages(0, MESSAGES));
		for (int i = 1; i < MESSAGES; i++) {
			assertThat(this.handler.messages).hasSize(i);
			assertThat(isSocketRead()).isFalse();
			goOn();
		}
		assertThat(this.handler.messages).isEqualTo(numbers(MESSAGES));
		goOn();
		assertThat(isSocketRead()).isTrue();
	}

	@Test
	void whatComesNeverthelessWaitsBehind() {
		pauseAt("0");
		receive(messages(0, 10));
		receive(messages(10, 20));
		byte[] rest = messages(20, 30);
		for (byte value : rest) {
			receive(new byte[] { value });
		}
		assertThat(this.handler.messages).containsExactly("0");
		pauseAt("15");
		goOn();
		assertThat(this.handler.messages).isEqualTo(numbers(16));
		this.session.setReading(true);
		// Before the task that reads on
		receive(messages(30, 40));
		this.channel.runPendingTasks();
		assertThat(this.handler.messages).isEqualTo(numbers(40));
		assertThat(isSocketRead()).isTrue();
	}

	@Test
	void pauseBetweenReadsHoldsUpWhatComes() {
		this.session.setReading(false);
		receive(messages(0, 10));
		assertThat(this.handler.messages).isEmpty();
		goOn();
		assertThat(this.handler.messages).isEqualTo(numbers(10));
	}

	@Test
	void pauseThatIsTakenBackAtOnceHoldsUpNothing() {
		this.handler.reaction = (text) -> {
			this.session.setReading(false);
			this.session.setReading(true);
		};
		receive(messages(0, 10));
		assertThat(this.handler.messages).isEqualTo(numbers(10));
		assertThat(isSocketRead()).isTrue();
	}

	@Test
	void pingsThatWaitedAreAnsweredAndFlushed() {
		pauseAt("0");
		receive(new ServerFrames().frame(0x81, "0").frame(0x89, "p").toByteArray());
		assertThat(this.channel.outboundMessages()).isEmpty();
		goOn();
		assertThat(this.handler.pings).hasValue(1);
		assertThat(this.channel.outboundMessages()).hasSize(1);
		this.channel.releaseOutbound();
	}

	static Stream<Arguments> brokenEnds() {
		return Stream.of(end("end of stream", (test) -> test.channel.close()),
				end("reset", (test) -> test.channel.pipeline().fireExceptionCaught(new IOException("reset"))),
				end("deadline",
						(test) -> test.session.abort(new Failure.Timeout(Deadline.CLOSE, Duration.ofSeconds(5)))));
	}

	private static Arguments end(String name, Consumer<StoppedReadingTests> end) {
		return Arguments.of(name, end);
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("brokenEnds")
	void whatWasReadComesBeforeTheEnd(String name, Consumer<StoppedReadingTests> end) {
		this.handler.reaction = (text) -> this.session.setReading(false);
		receive(messages(0, 10));
		receive(messages(10, 20));
		assertThat(this.handler.messages).isEqualTo(numbers(1));
		end.accept(this);
		this.channel.runPendingTasks();
		assertThat(this.handler.messages).isEqualTo(numbers(20));
		assertThat(this.handler.messagesBeforeEnd).isEqualTo(20);
		assertThat(this.handler.ends).hasValue(1);
		assertThat(this.handler.failure()).isNotNull();
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("brokenEnds")
	void closeFrameThatWasReadTellsTheEnd(String name, Consumer<StoppedReadingTests> end) {
		pauseAt("0");
		receive(new ServerFrames().frame(0x81, "0").frame(0x81, "1").hex("8802 03e9").toByteArray());
		end.accept(this);
		this.channel.runPendingTasks();
		assertThat(this.handler.messages).isEqualTo(numbers(2));
		assertThat(this.handler.failure()).isNull();
		assertThat(this.handler.end).isNotNull()
			.satisfies((sessionEnd) -> assertThat(sessionEnd.status().code()).isEqualTo(1001))
			.satisfies((sessionEnd) -> assertThat(sessionEnd.initiator()).isEqualTo(Initiator.SERVER));
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void abortOfTheUserDropsWhatWaits(boolean withinReadOn) {
		pauseAt("0");
		receive(messages(0, 10));
		receive(messages(10, 20));
		if (withinReadOn) {
			this.handler.reaction = (text) -> this.session.abort(null);
			goOn();
		}
		else {
			this.session.abort(null);
		}
		this.channel.runPendingTasks();
		assertThat(this.handler.messages).isEqualTo(numbers(withinReadOn ? 2 : 1));
		assertThat(this.handler.ends).hasValue(1);
		assertThat(this.buffers).allSatisfy((buffer) -> assertThat(buffer.refCnt()).isZero());
		goOn();
		assertThat(this.handler.messages).hasSize(withinReadOn ? 2 : 1);
	}

	@Test
	void violationThatWaitedIsFoundWhenReadingGoesOn() {
		pauseAt("0");
		receive(new ServerFrames().frame(0x81, "0").hex("8300").frame(0x81, "never").toByteArray());
		receive(messages(1, 3));
		assertThat(this.channel.outboundMessages()).isEmpty();
		goOn();
		assertThat(this.channel.outboundMessages()).as("Close frame").hasSize(1);
		this.channel.releaseOutbound();
		this.channel.close();
		assertThat(this.handler.messages).isEqualTo(numbers(1));
		assertThat(this.handler.failure()).isInstanceOf(Failure.Protocol.class);
	}

	@Test
	void errorWhileReadingOnEndsTheSessionAndNothingSeemsToFollow() {
		pauseAt("0");
		receive(messages(0, 10));
		receive(messages(10, 20));
		this.handler.reaction = (text) -> {
			throw new IllegalStateException("out of order");
		};
		goOn();
		this.channel.runPendingTasks();
		assertThat(this.handler.messages).isEqualTo(numbers(2));
		assertThat(this.handler.failure()).isNotNull().asString().contains("out of order");
	}

	@Test
	void sessionThatClosesReadsOnToTheServersClose() {
		pauseAt("0");
		receive(new ServerFrames().frame(0x81, "0").frame(0x81, "1").hex("8802 03e8").toByteArray());
		this.session.close(CloseStatus.NORMAL);
		this.channel.releaseOutbound();
		goOn();
		assertThat(this.handler.messages).isEqualTo(numbers(2));
		this.channel.close();
		assertThat(this.handler.end).isNotNull()
			.satisfies((sessionEnd) -> assertThat(sessionEnd.clean()).isTrue())
			.satisfies((sessionEnd) -> assertThat(sessionEnd.failure()).isNull());
	}

}
