package dev.wsclient.benchmarks.server;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Random;

/**
 * What messages carry. The same payload each time, so that runs can be compared.
 */
public enum Payload {

	/**
	 * Text of one byte a character.
	 */
	ASCII {

		@Override
		public String text(int size, int number) {
			StringBuilder text = new StringBuilder(size);
			while (text.length() < size) {
				text.append("{\"symbol\":\"BTC-EUR\",\"price\":64123.25,\"volume\":0.1875,\"side\":\"buy\"} ");
			}
			text.setLength(size);
			return text.toString();
		}

	},

	/**
	 * Text of two to four bytes a character.
	 */
	UTF8 {

		@Override
		public String text(int size, int number) {
			String words = "Привет, мир — 世界您好 こんにちは 😀🚀 Ελλάδα ";
			StringBuilder text = new StringBuilder(size);
			int bytes = 0;
			for (int i = 0; bytes < size - 4; i = words.offsetByCodePoints(i, 1) % words.length()) {
				int codePoint = words.codePointAt(i);
				if (codePoint < 0x80) {
					continue;
				}
				text.appendCodePoint(codePoint);
				bytes += utf8Length(Character.toString(codePoint));
			}
			while (bytes < size) {
				int rest = size - bytes;
				String last = (rest >= 4) ? "😀" : (rest == 3) ? "世" : (rest == 2) ? "д" : ".";
				text.append(last);
				bytes += utf8Length(last);
			}
			return text.toString();
		}

	},

	/**
	 * JSON as a market feed sends it, each message a little different from the one
	 * before.
	 */
	JSON {

		@Override
		public String text(int size, int number) {
			Random random = new Random(number);
			String text = String.format(Locale.ROOT,
					"{\"channel\":\"trades\",\"sequence\":%d,\"symbol\":\"%s\",\"price\":%.2f,\"volume\":%.6f,"
							+ "\"side\":\"%s\",\"time\":\"2026-11-24T15:%02d:%02d.%06dZ\",\"maker\":\"%016x\","
							+ "\"taker\":\"%016x\",\"best\":{\"bid\":%.2f,\"ask\":%.2f},\"note\":\"",
					7_000_000 + number, random.nextBoolean() ? "BTC-EUR" : "ETH-EUR",
					64_000 + random.nextInt(10_000) / 100.0, random.nextDouble(), random.nextBoolean() ? "buy" : "sell",
					random.nextInt(60), random.nextInt(60), random.nextInt(1_000_000), random.nextLong(),
					random.nextLong(), 64_000 + random.nextInt(10_000) / 100.0,
					64_000 + random.nextInt(10_000) / 100.0);
			int rest = size - text.length() - 2;
			if (rest < 0) {
				throw new IllegalArgumentException(
						"JSON takes at least " + (text.length() + 2) + " bytes, was " + size);
			}
			return text + "x".repeat(rest) + "\"}";
		}

	};

	private static int utf8Length(String text) {
		return text.getBytes(StandardCharsets.UTF_8).length;
	}

	/**
	 * Makes a text.
	 * @param size how many bytes it has as UTF-8
	 * @param number which of the messages it is, from 0
	 * @return the text
	 */
	public abstract String text(int size, int number);

}
