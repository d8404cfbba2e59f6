package dev.wsclient.spring;

import java.time.Duration;

/**
 * When a method that takes several messages at once is called.
 *
 * @param size with how many messages at the latest
 * @param timeout how long after the first of them at the latest
 */
record BatchLimits(int size, Duration timeout) {

}
