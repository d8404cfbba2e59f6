package dev.wsclient.sample;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.io.Resource;
import org.springframework.core.task.TaskExecutor;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketSession;
import org.springframework.web.socket.config.annotation.EnableWebSocket;
import org.springframework.web.socket.config.annotation.WebSocketConfigurer;
import org.springframework.web.socket.config.annotation.WebSocketHandlerRegistry;
import org.springframework.web.socket.handler.ConcurrentWebSocketSessionDecorator;
import org.springframework.web.socket.handler.ConcurrentWebSocketSessionDecorator.OverflowStrategy;
import org.springframework.web.socket.handler.TextWebSocketHandler;

/**
 * A server for the sample's connections, so that the sample needs nothing else: replays
 * trades from a file to all who subscribed, fills orders, and sends anything else back.
 * Its paths are {@code /feed} and, so that faults hit one connection alone,
 * {@code /feed/market} and {@code /feed/orders}.
 */
@Configuration(proxyBeanMethods = false)
@EnableWebSocket
class FeedServer extends TextWebSocketHandler implements WebSocketConfigurer {

	static final String PATH = "/feed";

	private static final int TRADES_AT_ONCE = 25;

	private static final int FLOOD = 20_000;

	private static final int SEND_TIME_LIMIT_MILLIS = 30_000;

	private static final int BUFFER_SIZE_LIMIT = 512 * 1024;

	private static final Logger logger = LoggerFactory.getLogger(FeedServer.class);

	private final Map<String, Client> clients = new ConcurrentHashMap<>();

	private final AtomicInteger ticks = new AtomicInteger();

	private final List<String> trades;

	private final TaskExecutor executor;

	FeedServer(@Value("classpath:trades.jsonl") Resource trades,
			@Qualifier("applicationTaskExecutor") TaskExecutor executor) throws IOException {
		this.executor = executor;
		this.trades = trades.getContentAsString(StandardCharsets.UTF_8).lines().toList();
	}

	@Override
	public void registerWebSocketHandlers(WebSocketHandlerRegistry registry) {
		registry.addHandler(this, PATH, PATH + "/market", PATH + "/orders");
	}

	@Override
	public void afterConnectionEstablished(WebSocketSession session) {
		this.clients.put(session.getId(), new Client(session));
	}

	@Override
	protected void handleTextMessage(WebSocketSession session, TextMessage message) {
		Client client = this.clients.get(session.getId());
		if (client == null) {
			return;
		}
		String text = message.getPayload();
		if (text.contains("\"op\":\"subscribe\"")) {
			client.subscribed = true;
			client.send("{\"type\":\"subscribed\"}");
		}
		else if (text.contains("\"op\":\"order\"")) {
			client.send(text.replace("\"op\":\"order\"", "\"type\":\"filled\""));
		}
		else if (!text.contains("\"op\":\"ack\"")) {
			client.send(text);
		}
	}

	@Override
	public void afterConnectionClosed(WebSocketSession session, CloseStatus status) {
		this.clients.remove(session.getId());
	}

	/**
	 * In bursts, as real feeds send them; the silence between two is longer than the ping
	 * interval, so that there are pings to measure the round trip with.
	 */
	@Scheduled(fixedRate = 500)
	void sendTrades() {
		int tick = this.ticks.getAndIncrement();
		List<Client> subscribers = this.clients.values().stream().filter((client) -> client.subscribed).toList();
		for (int i = 0; i < TRADES_AT_ONCE; i++) {
			String trade = trade(tick * TRADES_AT_ONCE + i);
			subscribers.forEach((client) -> client.send(trade));
		}
		if (tick % 10 == 0) {
			subscribers.forEach((client) -> client.send("{\"type\":\"heartbeat\",\"number\":" + tick + "}"));
		}
	}

	private String trade(int number) {
		return this.trades.get(number % this.trades.size());
	}

	/**
	 * Restarts now and then, in the only way a client sees.
	 */
	@Scheduled(initialDelayString = "${feed.restart-every}", fixedRateString = "${feed.restart-every}")
	void restart() {
		logger.info("The feed server restarts");
		restart("market");
	}

	/**
	 * Closes the sessions of a connection as a server does that restarts.
	 * @param name the name of the connection
	 */
	void restart(String name) {
		clients(name).forEach(Client::close);
	}

	/**
	 * Sends nothing to the sessions that a connection has now, though they stay open and
	 * answer pings.
	 * @param name the name of the connection
	 */
	void stall(String name) {
		clients(name).forEach((client) -> client.stalled = true);
	}

	/**
	 * Sends more than a client can handle, as fast as the sockets take it.
	 * @param name the name of the connection
	 */
	void flood(String name) {
		this.executor.execute(() -> clients(name).forEach((client) -> {
			for (int i = 0; i < FLOOD; i++) {
				client.send(trade(i));
			}
		}));
	}

	private List<Client> clients(String name) {
		return this.clients.values().stream().filter((client) -> client.path.equals(PATH + "/" + name)).toList();
	}

	/**
	 * One session.
	 */
	private static class Client {

		private final WebSocketSession session;

		private final String path;

		private volatile boolean subscribed;

		private volatile boolean stalled;

		Client(WebSocketSession session) {
			this.session = new ConcurrentWebSocketSessionDecorator(session, SEND_TIME_LIMIT_MILLIS, BUFFER_SIZE_LIMIT,
					OverflowStrategy.DROP);
			this.path = (session.getUri() != null) ? session.getUri().getPath() : "";
		}

		void send(String text) {
			if (this.stalled) {
				return;
			}
			try {
				this.session.sendMessage(new TextMessage(text));
			}
			catch (IOException | RuntimeException ex) {
				logger.debug("A client is gone", ex);
			}
		}

		void close() {
			try {
				this.session.close(CloseStatus.SERVICE_RESTARTED);
			}
			catch (IOException ex) {
				logger.debug("A client is gone", ex);
			}
		}

	}

}
