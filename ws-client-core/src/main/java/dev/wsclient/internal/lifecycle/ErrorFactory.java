package dev.wsclient.internal.lifecycle;

import org.jspecify.annotations.Nullable;

import dev.wsclient.CloseStatus;
import dev.wsclient.exception.ErrorContext;
import dev.wsclient.exception.ErrorContext.Phase;
import dev.wsclient.exception.WsClosedException;
import dev.wsclient.exception.WsConnectException;
import dev.wsclient.exception.WsException;
import dev.wsclient.exception.WsHandshakeException;
import dev.wsclient.exception.WsProtocolException;
import dev.wsclient.exception.WsSendException;
import dev.wsclient.exception.WsTimeoutException;
import dev.wsclient.internal.transport.Failure;

/**
 * Makes the user's exceptions of one connection.
 */
final class ErrorFactory {

	private final ConnectionFigures figures;

	private final OptionNames names;

	ErrorFactory(ConnectionFigures figures, OptionNames names) {
		this.figures = figures;
		this.names = names;
	}

	WsException of(Failure failure, Phase phase, boolean willRetry) {
		ErrorContext context = new ErrorContext(this.figures.name, this.figures.uri, phase, willRetry);
		if (failure instanceof Failure.Network network) {
			return new WsConnectException(context, this.names.in(network.description()), network.cause());
		}
		if (failure instanceof Failure.Proxy proxy) {
			return new WsHandshakeException(context, this.names.in(proxy.description()), proxy.statusCode(),
					proxy.headers(), "");
		}
		if (failure instanceof Failure.Handshake handshake) {
			return new WsHandshakeException(context, this.names.in(handshake.description()), handshake.statusCode(),
					handshake.headers(), handshake.body());
		}
		if (failure instanceof Failure.Protocol protocol) {
			return new WsProtocolException(context, this.names.in(protocol.description()), protocol.closeCode(),
					protocol.section());
		}
		if (failure instanceof Failure.Timeout timeout) {
			return new WsTimeoutException(context, timeout.deadline(), timeout.timeout(),
					this.names.in(timeout.deadline().option()));
		}
		throw new IllegalArgumentException("unknown failure " + failure);
	}

	WsSendException send(WsSendException.Outcome outcome, Phase phase, String description, @Nullable Throwable cause) {
		return new WsSendException(new ErrorContext(this.figures.name, this.figures.uri, phase, false), outcome,
				this.names.in(description), cause);
	}

	/**
	 * Makes the cause of what follows a session that was closed without an error.
	 */
	WsClosedException closed(String description, CloseStatus status, boolean willRetry) {
		return new WsClosedException(new ErrorContext(this.figures.name, this.figures.uri, Phase.CLOSE, willRetry),
				description, status, null);
	}

	WsClosedException closed(String description, @Nullable CloseStatus status, @Nullable Throwable cause) {
		return new WsClosedException(new ErrorContext(this.figures.name, this.figures.uri, Phase.DISCONNECTED, false),
				description, status, cause);
	}

}
