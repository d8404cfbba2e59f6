package dev.wsclient.spring;

/**
 * Finds what checks payloads, when there is a payload to check.
 */
@FunctionalInterface
interface PayloadValidation {

	/**
	 * Stands for a class path without Bean Validation.
	 */
	PayloadValidation NONE = () -> {
		throw new IllegalStateException("there is no jakarta.validation.Validator on the class path");
	};

	/**
	 * Returns what checks payloads.
	 * @return the validator
	 * @throws IllegalStateException if there is none; the message says why
	 */
	PayloadValidator validator();

}
