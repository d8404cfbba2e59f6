package dev.wsclient.benchmarks.client;

import java.net.URI;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.client.WebsocketClientSpec;
import reactor.netty.http.websocket.WebsocketInbound;
import reactor.netty.http.websocket.WebsocketOutbound;

/**
 * Reactor Netty: what is sent comes through a sink, what comes through
 * {@code receiveFrames}.
 */
final class ReactorNettyAdapter implements BenchmarkClient {

	private final HttpClient client;

	private final WebsocketClientSpec spec;

	ReactorNettyAdapter(Settings settings) throws Exception {
		HttpClient client = HttpClient.newConnection();
		if (settings.certificate() != null) {
			SslContext ssl = SslContextBuilder.forClient().trustManager(settings.certificate().toFile()).build();
			client = client.secure((spec) -> spec.sslContext(ssl));
		}
		this.client = client;
		this.spec = WebsocketClientSpec.builder()
			.compress(settings.deflate())
			.maxFramePayloadLength(MAX_MESSAGE_SIZE)
			.build();
	}

	@Override
	public Connection connect(URI uri, Receiver receiver) throws Exception {
		Session session = new Session(receiver);
		this.client.websocket(this.spec)
			.uri(uri)
			.handle(session::handle)
			.subscribe(null, receiver::onFailure, () -> receiver.onFailure(new IllegalStateException("closed")));
		session.opened.get(10, TimeUnit.SECONDS);
		return session;
	}

	private static final class Session implements Connection {

		private final Receiver receiver;

		private final CompletableFuture<WebsocketOutbound> opened = new CompletableFuture<>();

		private final Sinks.Many<String> texts = Sinks.unsafe().many().unicast().onBackpressureBuffer();

		Session(Receiver receiver) {
			this.receiver = receiver;
		}

		private Publisher<Void> handle(WebsocketInbound in, WebsocketOutbound out) {
			Mono<Void> received = in.aggregateFrames(MAX_MESSAGE_SIZE).receiveFrames().doOnNext((frame) -> {
				if (frame instanceof TextWebSocketFrame text) {
					this.receiver.onText(text.text());
				}
				else if (frame instanceof BinaryWebSocketFrame) {
					this.receiver.onBinary(frame.content().readableBytes());
				}
			}).then();
			Mono<Void> sent = out.sendString(this.texts.asFlux()).then();
			this.opened.complete(out);
			return Mono.when(received, sent);
		}

		@Override
		public void send(String text) {
			this.texts.emitNext(text, Sinks.EmitFailureHandler.FAIL_FAST);
		}

		@Override
		public void close() throws Exception {
			this.opened.get().sendClose().subscribe();
		}

	}

}
