package dev.wsclient.sample;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.io.Resource;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketSession;
import org.springframework.web.socket.config.annotation.EnableWebSocket;
import org.springframework.web.socket.config.annotation.WebSocketConfigurer;
import org.springframework.web.socket.config.annotation.WebSocketHandlerRegistry;
import org.springframework.web.socket.handler.ConcurrentWebSocketSessionDecorator;
import org.springframework.web.socket.handler.TextWebSocketHandler;

/**
 * A server of trades at {@code /feed}, so that the sample needs nothing else: replays a
 * file to all who subscribed, and cuts them off now and then.
 */
@Configuration(proxyBeanMethods = false)
@EnableWebSocket
class FeedServer extends TextWebSocketHandler implements WebSocketConfigurer {

	private static final Logger logger = LoggerFactory.getLogger(FeedServer.class);

	private final Set<WebSocketSession> subscribers = ConcurrentHashMap.newKeySet();

	private final AtomicLong ticks = new AtomicLong();

	private final List<String> trades;

	FeedServer(@Value("classpath:trades.jsonl") Resource trades) throws IOException {
		this.trades = trades.getContentAsString(StandardCharsets.UTF_8).lines().toList();
	}

	@Override
	public void registerWebSocketHandlers(WebSocketHandlerRegistry registry) {
		registry.addHandler(this, "/feed").setAllowedOrigins("*");
	}

	@Override
	protected void handleTextMessage(WebSocketSession session, TextMessage message) throws IOException {
		if (message.getPayload().contains("\"subscribe\"")) {
			session.sendMessage(new TextMessage("{\"type\":\"subscribed\"}"));
			this.subscribers.add(new ConcurrentWebSocketSessionDecorator(session,
					(int) Duration.ofSeconds(5).toMillis(), 512 * 1024));
		}
	}

	@Override
	public void afterConnectionClosed(WebSocketSession session, CloseStatus status) {
		this.subscribers.removeIf((subscriber) -> subscriber.getId().equals(session.getId()));
	}

	@Scheduled(fixedRate = 20)
	void sendTrade() {
		long tick = this.ticks.getAndIncrement();
		send(this.trades.get((int) (tick % this.trades.size())));
		if (tick % 250 == 0) {
			send("{\"type\":\"heartbeat\",\"number\":" + tick + "}");
		}
	}

	private void send(String message) {
		this.subscribers.forEach((subscriber) -> {
			try {
				subscriber.sendMessage(new TextMessage(message));
			}
			catch (IOException | IllegalStateException ex) {
				logger.debug("A subscriber is gone", ex);
			}
		});
	}

	@Scheduled(initialDelayString = "${feed.cut-every}", fixedRateString = "${feed.cut-every}")
	void cutOff() {
		logger.info("The feed server cuts {} subscribers off", this.subscribers.size());
		this.subscribers.forEach((subscriber) -> {
			try {
				subscriber.close(CloseStatus.SERVICE_RESTARTED);
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		});
	}

}
