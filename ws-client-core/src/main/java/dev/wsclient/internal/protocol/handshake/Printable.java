package dev.wsclient.internal.protocol.handshake;

import java.util.Locale;

/**
 * Shows what a server sent to people: short, in quotes, and with escapes for whatever a
 * terminal or a log might take for more than text.
 */
final class Printable {

	private static final int MAX_LENGTH = 80;

	private Printable() {
	}

	static String quote(CharSequence text) {
		StringBuilder quoted = new StringBuilder("'");
		for (int i = 0; i < Math.min(text.length(), MAX_LENGTH); i++) {
			append(quoted, text.charAt(i));
		}
		return quoted.append((text.length() > MAX_LENGTH) ? "...'" : "'").toString();
	}

	private static void append(StringBuilder quoted, char c) {
		switch (c) {
			case '\r' -> quoted.append("\\r");
			case '\n' -> quoted.append("\\n");
			case '\t' -> quoted.append("\\t");
			default -> {
				if (c >= 0x20 && c < 0x7F) {
					quoted.append(c);
				}
				else {
					quoted.append(String.format(Locale.ROOT, (c <= 0xFF) ? "\\x%02X" : "\\u%04X", (int) c));
				}
			}
		}
	}

}
