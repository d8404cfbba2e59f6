package dev.wsclient;

import java.util.Locale;

/**
 * Shows text that a peer wrote to people. Whatever a log, a terminal or a viewer might
 * take for more than text is escaped, so that nothing in it can end a line, begin another
 * one, or turn around what stands beside it: control characters (C0, DEL and C1), line
 * and paragraph separators, format characters such as those that change the direction of
 * writing, and halves of surrogate pairs. All other text stays as it is.
 * <p>
 * The client shows so whatever it prints of a peer: in its log, in the messages of its
 * exceptions, and in {@link CloseStatus#toString()}. Who prints what a typed accessor
 * gives, such as {@link CloseStatus#reason()} or the body of a refusal, does well to do
 * the same. Any thread.
 *
 * @since 0.1.0
 */
public final class PrintableText {

	private PrintableText() {
	}

	/**
	 * Escapes a text: a line end as {@code \n}, others as {@code \x1B} or {@code \u202E}.
	 * What was escaped before stays the same.
	 * @param text the text
	 * @return the text, itself if there is nothing to escape
	 */
	public static String of(String text) {
		return of(text, Integer.MAX_VALUE);
	}

	/**
	 * Escapes the start of a text.
	 * @param text the text
	 * @param maxLength how many characters of the text are shown, at least 1; {@code ...}
	 * stands for the rest
	 * @return at most six times as many characters, and three more
	 * @throws IllegalArgumentException if the length is less than 1
	 */
	public static String of(String text, int maxLength) {
		if (maxLength < 1) {
			throw new IllegalArgumentException("maxLength must be at least 1, was " + maxLength);
		}
		int length = Math.min(text.length(), maxLength);
		int clean = 0;
		while (clean < length && isPrintable(text, clean)) {
			clean++;
		}
		if (clean == text.length()) {
			return text;
		}
		StringBuilder printable = new StringBuilder(length + 16).append(text, 0, clean);
		for (int i = clean; i < length; i++) {
			if (isPrintable(text, i)) {
				printable.append(text.charAt(i));
			}
			else {
				appendEscaped(printable, text.charAt(i));
			}
		}
		return ((length < text.length()) ? printable.append("...") : printable).toString();
	}

	/**
	 * Shows an error whose messages may quote a peer, such as one of TLS that names a
	 * certificate. Never throws, not even if the error's own methods do.
	 * @param error the error
	 * @return the error itself if its messages and those of its causes are printable, or
	 * else another one with the same stack trace, which tells the class and the escaped
	 * message of each, at most 2,000 characters long
	 */
	public static Throwable of(Throwable error) {
		return PrintableError.of(error);
	}

	/**
	 * Looks at whole code points, for format characters stand beyond U+FFFF too.
	 */
	private static boolean isPrintable(String text, int index) {
		char c = text.charAt(index);
		if (c >= 0x20 && c < 0x7F) {
			return true;
		}
		boolean second = Character.isLowSurrogate(c) && index > 0 && Character.isHighSurrogate(text.charAt(index - 1));
		return switch (Character.getType(text.codePointAt(second ? index - 1 : index))) {
			case Character.CONTROL, Character.FORMAT, Character.SURROGATE, Character.LINE_SEPARATOR,
					Character.PARAGRAPH_SEPARATOR ->
				false;
			default -> true;
		};
	}

	private static void appendEscaped(StringBuilder printable, char c) {
		switch (c) {
			case '\r' -> printable.append("\\r");
			case '\n' -> printable.append("\\n");
			case '\t' -> printable.append("\\t");
			default -> printable.append(String.format(Locale.ROOT, (c <= 0xFF) ? "\\x%02X" : "\\u%04X", (int) c));
		}
	}

}
