package dev.wsclient.internal.transport.netty;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.wsclient.internal.transport.Failure;
import dev.wsclient.internal.transport.Outbound;
import dev.wsclient.internal.transport.SessionHandler;
import dev.wsclient.options.WsHandshakeRequest;
import dev.wsclient.options.WsOptions;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The end of a session is told once and its channel closed, whatever throws on the way.
 */
class EndIsToldTests {

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

	/**
	 * The call that throws.
	 */
	private String broken = "";

	private final SessionChannelHandler session = new SessionChannelHandler(this.scheduler,
			new WsHandshakeRequest(URI.create("ws://server/"), Map.of(), List.of()),
			WsOptions.builder("ws://server/").build(), List.of(),
			(SessionHandler) Proxy.newProxyInstance(EndIsToldTests.class.getClassLoader(),
					new Class<?>[] { SessionHandler.class }, (proxy, method, arguments) -> {
						try {
							method.invoke(this.handler, arguments);
						}
						catch (InvocationTargetException ex) {
							throw ex.getCause();
						}
						if (method.getName().equals(this.broken)) {
							throw new BrokenException();
						}
						return null;
					}),
			this.handler::onEnd);

	@AfterEach
	void release() {
		this.channel.finishAndReleaseAll();
	}

	private void connect() {
		this.channel.pipeline().addLast(this.session);
		this.channel.pipeline().fireChannelActive();
	}

	private void receive(byte[] bytes) {
		if (this.channel.isOpen()) {
			this.channel.writeInbound(Unpooled.wrappedBuffer(bytes));
		}
	}

	private void open() {
		connect();
		receive(ANSWER.getBytes(StandardCharsets.US_ASCII));
	}

	private void expectEnd() {
		this.channel.runPendingTasks();
		assertThat(this.channel.isOpen()).isFalse();
		assertThat(this.handler.ends).hasValue(1);
	}

	@ParameterizedTest
	@ValueSource(strings = { "onConnected", "onOpen", "onRead", "onMessage", "onPing", "onPong", "onCloseDue",
			"onClosing", "onWritten" })
	void callThatThrowsEndsTheSession(String call) {
		this.broken = call;
		open();
		this.session.write(Outbound.text(this.scheduler, "hello"));
		this.session.flush();
		receive(new byte[] { (byte) 0x81, 1, 'a' });
		receive(new byte[] { (byte) 0x89, 1, 'p' });
		receive(new byte[] { (byte) 0x8a, 1, 'p' });
		receive(new byte[] { (byte) 0x88, 2, 3, (byte) 0xe8 });
		expectEnd();
	}

	@Test
	void messageLostAtTheEndMayThrow() {
		open();
		this.broken = "onLost";
		this.session.write(Outbound.text(this.scheduler, "one"));
		this.session.write(Outbound.text(this.scheduler, "two"));
		this.channel.close();
		expectEnd();
	}

	@ParameterizedTest
	@ValueSource(strings = { "inactive", "abort", "error" })
	void whatWaitsMayThrowWhenTheSessionEnds(String way) {
		open();
		this.handler.reaction = (message) -> this.session.setReading(false);
		receive(new byte[] { (byte) 0x81, 1, 'a', (byte) 0x81, 1, 'b', (byte) 0x81, 1, 'c' });
		assertThat(this.handler.messages).containsExactly("a");
		this.broken = "onMessage";
		switch (way) {
			case "inactive" -> this.channel.close();
			case "abort" -> quietly(() -> this.session.abort(new Failure.Network("given up", null)));
			default -> this.channel.pipeline().fireExceptionCaught(new IllegalStateException("broken pipe"));
		}
		expectEnd();
	}

	private static void quietly(Runnable task) {
		try {
			task.run();
		}
		catch (BrokenException ex) {
			// Its caller is told too
		}
	}

	@Test
	void pingThatCannotBeWrittenEndsTheSession() {
		open();
		this.session.writePing(ByteBuffer.allocate(126));
		this.session.flush();
		expectEnd();
	}

	/**
	 * Its message fails too.
	 */
	private static final class BrokenException extends RuntimeException {

		private static final long serialVersionUID = 1;

		@Override
		public @Nullable String getMessage() {
			throw new IllegalStateException("no message");
		}

	}

}
