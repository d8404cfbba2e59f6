package dev.wsclient.spring;

/**
 * Names classes for tags and logs.
 */
final class ClassName {

	private ClassName() {
	}

	/**
	 * Returns the simple name of a class, or of the closest superclass that has one: an
	 * anonymous class has none.
	 * @param type the class
	 * @return the name, never empty
	 */
	static String shortest(Class<?> type) {
		Class<?> named = type;
		while (named.isAnonymousClass() && named.getSuperclass() != Object.class) {
			named = named.getSuperclass();
		}
		return named.isAnonymousClass() ? named.getName().substring(named.getName().lastIndexOf('.') + 1)
				: named.getSimpleName();
	}

}
