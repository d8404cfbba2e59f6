package dev.wsclient.spring;

import java.util.Collection;
import java.util.function.UnaryOperator;

import org.jspecify.annotations.Nullable;

/**
 * Finds the name that an unknown one was most likely meant to be.
 */
final class NearestName {

	private NearestName() {
	}

	/**
	 * Finds the name.
	 * @param unknown the unknown name
	 * @param known the names there are
	 * @param form brings names into the form that is compared
	 * @return one of the names, or {@code null} if none is similar
	 */
	static @Nullable String of(String unknown, Collection<String> known, UnaryOperator<String> form) {
		String compared = form.apply(unknown);
		String nearest = null;
		// Two slips, in longer names three
		int least = (compared.length() < 16) ? 3 : 4;
		for (String each : known) {
			String candidate = form.apply(each);
			int distance = distance(compared, candidate);
			if (distance < least && distance < candidate.length() - 1) {
				least = distance;
				nearest = each;
			}
		}
		return nearest;
	}

	/**
	 * Returns how many characters must be changed, added or removed (Levenshtein).
	 */
	private static int distance(String one, String other) {
		int[] previous = new int[other.length() + 1];
		for (int j = 0; j <= other.length(); j++) {
			previous[j] = j;
		}
		for (int i = 1; i <= one.length(); i++) {
			int[] current = new int[other.length() + 1];
			current[0] = i;
			for (int j = 1; j <= other.length(); j++) {
				int change = (one.charAt(i - 1) == other.charAt(j - 1)) ? 0 : 1;
				current[j] = Math.min(previous[j - 1] + change, Math.min(previous[j], current[j - 1]) + 1);
			}
			previous = current;
		}
		return previous[other.length()];
	}

}
