package dev.wsclient.app.market;

import java.math.BigDecimal;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.stereotype.Component;

import dev.wsclient.WsConnection;
import dev.wsclient.spring.OnWsMessage;
import dev.wsclient.spring.OnWsOpen;
import dev.wsclient.spring.WsHandler;

/**
 * The handlers of the connection {@code market}.
 */
@Component
@WsHandler("market")
class MarketHandlers {

	private final WsConnection market;

	MarketHandlers(@Qualifier("market") WsConnection market) {
		this.market = market;
	}

	@OnWsOpen
	Subscribe opened() {
		return new Subscribe("subscribe", List.of(new Channel("trades of " + this.market.name())));
	}

	@OnWsMessage(when = "$.type == 'trade'")
	CompletionStage<Receipt> traded(Trade trade) {
		return CompletableFuture
			.completedFuture(new Receipt(trade.symbol(), trade.price().multiply(BigDecimal.valueOf(trade.size()))));
	}

	/**
	 * What is sent first.
	 *
	 * @param op what to do
	 * @param channels with what
	 */
	record Subscribe(String op, List<Channel> channels) {

	}

	/**
	 * A channel.
	 *
	 * @param name its name
	 */
	record Channel(String name) {

	}

	/**
	 * A trade.
	 *
	 * @param symbol what was traded
	 * @param price the price of one
	 * @param size how many
	 */
	record Trade(String symbol, BigDecimal price, int size) {

	}

	/**
	 * The answer to a trade.
	 *
	 * @param symbol what was traded
	 * @param value the price of all
	 */
	record Receipt(String symbol, BigDecimal value) {

	}

}
