package dev.wsclient.spring;

/**
 * What a handler method must know of the connection it belongs to.
 *
 * @param name the name of the connection
 * @param eventLoop whether handlers are called on the event loop
 * @param queue how many messages may wait or be handled
 * @param failures what follows when one fails, unless it says so itself
 */
record HandlerTarget(String name, boolean eventLoop, int queue, FailureSettings failures) {

}
