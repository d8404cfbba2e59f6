package dev.wsclient.internal.protocol.handshake;

import java.util.Locale;

import dev.wsclient.PrintableText;

/**
 * Shows a part of an answer to people: short, in quotes, and of ASCII characters only,
 * for each character is a byte whose meaning is not known.
 */
final class Printable {

	private static final int MAX_LENGTH = 80;

	private Printable() {
	}

	static String quote(CharSequence text) {
		StringBuilder quoted = new StringBuilder("'");
		PrintableText.of(text.toString(), MAX_LENGTH).chars().forEach((c) -> append(quoted, c));
		return quoted.append('\'').toString();
	}

	private static void append(StringBuilder quoted, int c) {
		if (c < 0x7F) {
			quoted.append((char) c);
		}
		else {
			quoted.append(String.format(Locale.ROOT, (c <= 0xFF) ? "\\x%02X" : "\\u%04X", c));
		}
	}

}
