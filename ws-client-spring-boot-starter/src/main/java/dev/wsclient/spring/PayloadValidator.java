package dev.wsclient.spring;

import java.util.List;

import dev.wsclient.spring.WsMessageValidationException.Violation;

/**
 * Checks payloads against their constraints.
 */
@FunctionalInterface
interface PayloadValidator {

	/**
	 * Checks a payload, or the elements of one that is a collection, map or array.
	 * @param payload the payload
	 * @param groups groups of constraints, none for the default group
	 * @return what is wrong, empty if nothing is
	 */
	List<Violation> validate(Object payload, Class<?>... groups);

}
