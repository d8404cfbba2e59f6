package dev.wsclient.app.echo;

import org.springframework.stereotype.Component;

import dev.wsclient.spring.OnWsMessage;
import dev.wsclient.spring.OnWsOpen;
import dev.wsclient.spring.WsHandler;

/**
 * The handlers of the connection {@code feed}.
 */
@Component
@WsHandler("${feed.handlers:feed}")
class EchoHandlers {

	@OnWsOpen
	String opened() {
		return "hello";
	}

	@OnWsMessage
	String received(String text) {
		return "echo " + text;
	}

	@OnWsMessage
	byte[] received(byte[] payload) {
		return payload;
	}

}
