package dev.wsclient.sample;

import java.math.BigDecimal;

/**
 * A trade as the feed sends it.
 *
 * @param symbol what was traded
 * @param price the price of one
 * @param size how many
 */
record Trade(String symbol, BigDecimal price, BigDecimal size) {

}
