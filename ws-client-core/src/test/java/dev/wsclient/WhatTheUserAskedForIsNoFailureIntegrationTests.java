package dev.wsclient;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

import org.junit.jupiter.api.Test;

import dev.wsclient.options.WsOptions;
import dev.wsclient.testserver.Frames;
import dev.wsclient.testserver.ScriptedServer;
import dev.wsclient.testserver.ScriptedServer.Script;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A session that the user ends leaves its URL the first.
 */
class WhatTheUserAskedForIsNoFailureIntegrationTests {

	private static final Script SERVING = (connection) -> {
		connection.accept();
		connection.write(Frames.close(connection.readUntilClose()));
	};

	@Test
	void healthyFirstUrlStaysTheFirst() {
		List<Consumer<WsConnection>> calls = List.of((connection) -> connection.reconnect(Duration.ZERO),
				(connection) -> connection.close().thenRun(connection::connect), (connection) -> {
					connection.abort();
					connection.connect();
				});
		try (WsClient client = WsClient.create();
				ScriptedServer first = new ScriptedServer(SERVING);
				ScriptedServer second = new ScriptedServer(SERVING)) {
			RecordingListener listener = new RecordingListener();
			WsConnection connection = client.connect(WsOptions.builder(List.of(first.uri(), second.uri())).build(),
					listener);
			for (int i = 0; i < calls.size(); i++) {
				int sessions = i + 1;
				await().until(() -> connection.isOpen() && connection.snapshot().sessions() == sessions);
				calls.get(i).accept(connection);
			}
			await().until(() -> connection.isOpen() && connection.snapshot().sessions() == calls.size() + 1);
			assertThat(second.connections()).isEmpty();
			assertThat(first.connections()).hasSize(calls.size() + 1);
			assertThat(listener.errors).isEmpty();
		}
	}

}
