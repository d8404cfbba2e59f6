package dev.wsclient.spring;

import java.util.List;

import dev.wsclient.WsMessage;

/**
 * A message on its way to its handler methods, off the thread that received it.
 *
 * @param event the event, with a message that lasts
 * @param handlers the methods that take it, in order
 * @param place the message's place in the backlog, to be released when it is handled
 */
record Delivery(WsHandlerEvent event, List<HandlerMethod> handlers, WsMessage.Retained place) {

}
