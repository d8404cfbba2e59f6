package dev.wsclient.internal.lifecycle;

import java.util.Map;

import org.jspecify.annotations.Nullable;

import dev.wsclient.options.WsOptions;

/**
 * Names options as the user knows them: texts are written with the names of the builder,
 * and are translated in one place.
 */
final class OptionNames {

	private static final String CONNECTION = "{name}";

	private final Map<String, String> names;

	private final String connection;

	OptionNames(WsOptions options) {
		this.names = options.optionNames();
		this.connection = options.name();
	}

	/**
	 * Returns how the user knows an option.
	 * @param option the name of the builder
	 * @return the user's name, or the same if there is none
	 */
	String of(String option) {
		String name = this.names.get(option);
		return (name != null) ? name.replace(CONNECTION, this.connection) : option;
	}

	/**
	 * Translates the names of options in a text, but for those that are plain words, such
	 * as {@code proxy}.
	 * @param text a text with names of the builder
	 * @return the text with those that the user knows
	 */
	String in(String text) {
		if (this.names.isEmpty()) {
			return text;
		}
		StringBuilder translated = new StringBuilder();
		int done = 0;
		for (Match match = next(text, 0); match != null; match = next(text, done)) {
			translated.append(text, done, match.start()).append(of(match.option()));
			done = match.start() + match.option().length();
		}
		return (done == 0) ? text : translated.append(text, done, text.length()).toString();
	}

	/**
	 * Finds the leftmost name, and of several there the longest.
	 */
	private @Nullable Match next(String text, int from) {
		Match next = null;
		for (String option : this.names.keySet()) {
			int start = isPlainWord(option) ? -1 : indexOf(text, option, from);
			if (start >= 0 && (next == null || start < next.start()
					|| (start == next.start() && option.length() > next.option().length()))) {
				next = new Match(start, option);
			}
		}
		return next;
	}

	private static boolean isPlainWord(String option) {
		return option.chars().noneMatch(Character::isUpperCase);
	}

	private static int indexOf(String text, String option, int from) {
		int start = text.indexOf(option, from);
		while (start >= 0 && (isLetter(text, start - 1) || isLetter(text, start + option.length()))) {
			start = text.indexOf(option, start + 1);
		}
		return start;
	}

	private static boolean isLetter(String text, int index) {
		return index >= 0 && index < text.length() && Character.isLetter(text.charAt(index));
	}

	/**
	 * A name in a text.
	 *
	 * @param start where it begins
	 * @param option the name
	 */
	private record Match(int start, String option) {

	}

}
