package dev.wsclient.sample;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

import dev.wsclient.WsCloseEvent;
import dev.wsclient.WsConnection;
import dev.wsclient.WsHandshakeResponse;
import dev.wsclient.spring.OnWsClose;
import dev.wsclient.spring.OnWsError;
import dev.wsclient.spring.OnWsMessage;
import dev.wsclient.spring.OnWsOpen;
import dev.wsclient.spring.WsHandler;

/**
 * Receives the feed of the connection {@code market}.
 */
@Component
@WsHandler("market")
class MarketHandlers {

	private static final Logger logger = LoggerFactory.getLogger(MarketHandlers.class);

	/**
	 * Stands for what a real handler does, so that a flood is more than it can take.
	 */
	static final long WORK_NANOS = 300_000;

	private final AtomicInteger trades = new AtomicInteger();

	private final AtomicInteger others = new AtomicInteger();

	private final AtomicReference<@Nullable Trade> last = new AtomicReference<>();

	@OnWsOpen
	Subscribe subscribe(WsConnection connection, WsHandshakeResponse response) {
		logger.info("{} is open (status {}), subscribing", connection.name(), response.statusCode());
		return new Subscribe("subscribe", List.of("BTC-EUR", "ETH-EUR", "SOL-EUR"));
	}

	@OnWsMessage(when = "$.type == 'trade'")
	void onTrade(Trade trade) {
		this.trades.incrementAndGet();
		this.last.set(trade);
		LockSupport.parkNanos(WORK_NANOS);
	}

	@OnWsMessage(when = "$.type == 'heartbeat'")
	Ack onHeartbeat(Heartbeat heartbeat) {
		return new Ack("ack", heartbeat.number());
	}

	@OnWsMessage
	void onOther(String message) {
		this.others.incrementAndGet();
	}

	@OnWsClose
	void onClose(WsConnection connection, WsCloseEvent event) {
		logger.info("{} was closed: {} by {}, reconnecting: {}", connection.name(), event.status(), event.initiator(),
				event.willReconnect());
	}

	@OnWsError
	void onError(Exception error) {
		logger.warn("The feed reports: {}", error.getMessage());
	}

	@Scheduled(fixedRate = 1000)
	void logRate() {
		logger.info("{} trades a second, last {}; {} other messages", this.trades.getAndSet(0), this.last.get(),
				this.others.getAndSet(0));
	}

	record Subscribe(String op, List<String> symbols) {

	}

	record Heartbeat(long number) {

	}

	record Ack(String op, long number) {

	}

}
