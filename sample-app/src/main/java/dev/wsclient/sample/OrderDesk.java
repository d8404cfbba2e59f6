package dev.wsclient.sample;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

import dev.wsclient.WsConnection;
import dev.wsclient.WsState;
import dev.wsclient.spring.OnWsMessage;
import dev.wsclient.spring.WsHandler;

/**
 * Sends an order twice a second over the connection {@code orders}. Those that find no
 * session wait for the next one, as {@code send-buffer.offline} says.
 */
@Component
@WsHandler("orders")
class OrderDesk {

	private static final Logger logger = LoggerFactory.getLogger(OrderDesk.class);

	private final WsConnection connection;

	private final AtomicLong lastId = new AtomicLong();

	OrderDesk(@Qualifier("orders") WsConnection connection) {
		this.connection = connection;
	}

	@Scheduled(fixedRate = 500)
	void order() {
		if (this.connection.state() == WsState.CLOSED) {
			return;
		}
		long id = this.lastId.incrementAndGet();
		this.connection.send("{\"op\":\"order\",\"id\":" + id + ",\"symbol\":\"BTC-EUR\",\"size\":\"0.01\"}")
			.whenComplete((sent, error) -> {
				if (error != null) {
					logger.warn("Order {} was not sent: {}", id, error.getMessage());
				}
			});
	}

	@OnWsMessage(when = "$.type == 'filled'")
	void onFilled(Filled order) {
		logger.debug("Order {} is filled", order.id());
	}

	@OnWsMessage
	void onOther(String message) {
		logger.debug("{} characters that are no order", message.length());
		LockSupport.parkNanos(MarketHandlers.WORK_NANOS);
	}

	record Filled(long id) {

	}

}
