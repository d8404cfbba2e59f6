package dev.wsclient.options;

/**
 * Which of several URLs the next attempt takes. One that failed is left out until its
 * cool-down is over; when all are, the one whose cool-down ends first is taken.
 *
 * @since 0.1.0
 */
public enum UrlSelection {

	/**
	 * The first in order: the others are for when it fails, and the first attempt after
	 * its cool-down goes back to it.
	 */
	ORDERED,

	/**
	 * The one after the last taken.
	 */
	ROUND_ROBIN,

	/**
	 * Any, each as likely.
	 */
	RANDOM

}
