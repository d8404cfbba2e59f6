package dev.wsclient.spring;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import dev.wsclient.options.WsHandshakeRequest;
import dev.wsclient.options.WsHandshakeSupplier;

/**
 * Asks several customizers for the opening handshake of one connection, one after the
 * other.
 */
class HandshakeChain implements WsHandshakeSupplier {

	private final String name;

	private final List<WsHandshakeCustomizer> customizers;

	/**
	 * Creates a chain.
	 * @param name the name of the connection
	 * @param customizers called in order
	 */
	HandshakeChain(String name, List<WsHandshakeCustomizer> customizers) {
		this.name = name;
		this.customizers = List.copyOf(customizers);
	}

	@Override
	public CompletionStage<WsHandshakeRequest> supply(WsHandshakeRequest request, Attempt attempt) {
		CompletionStage<WsHandshakeRequest> stage = CompletableFuture.completedFuture(request);
		for (WsHandshakeCustomizer customizer : this.customizers) {
			stage = stage
				.thenCompose((before) -> Objects.requireNonNull(customizer.customize(this.name, before, attempt),
						() -> customizer.getClass().getName() + " gave null instead of a stage"));
		}
		return stage;
	}

}
