package dev.wsclient;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Remembers all that a listener hears, each kind by itself and all in order.
 */
class RecordingListener implements WsListener {

	final List<String> calls = new CopyOnWriteArrayList<>();

	final List<WsHandshakeResponse> opens = new CopyOnWriteArrayList<>();

	final List<WsMessage> messages = new CopyOnWriteArrayList<>();

	final List<Throwable> errors = new CopyOnWriteArrayList<>();

	final List<WsCloseEvent> closes = new CopyOnWriteArrayList<>();

	final List<String> pings = new CopyOnWriteArrayList<>();

	final List<String> pongs = new CopyOnWriteArrayList<>();

	List<String> texts() {
		return this.messages.stream().filter(WsMessage::isText).map(WsMessage::text).toList();
	}

	@Override
	public void onConnect(WsConnection connection) {
		this.calls.add("connect");
	}

	@Override
	public void onOpen(WsConnection connection, WsHandshakeResponse response) {
		this.calls.add("open");
		this.opens.add(response);
	}

	@Override
	public void onMessage(WsConnection connection, WsMessage message) {
		this.messages.add(message.copy());
	}

	@Override
	public void onPing(WsConnection connection, ByteBuffer payload) {
		this.pings.add(StandardCharsets.UTF_8.decode(payload).toString());
	}

	@Override
	public void onPong(WsConnection connection, ByteBuffer payload) {
		this.pongs.add(StandardCharsets.UTF_8.decode(payload).toString());
	}

	@Override
	public void onError(WsConnection connection, Throwable error) {
		this.calls.add("error");
		this.errors.add(error);
	}

	@Override
	public void onClose(WsConnection connection, WsCloseEvent event) {
		this.calls.add("close");
		this.closes.add(event);
	}

	@Override
	public void onReconnecting(WsConnection connection, int attempt, Duration delay) {
		this.calls.add("reconnecting");
	}

	@Override
	public void onBufferFull(WsConnection connection) {
		this.calls.add("full");
	}

	@Override
	public void onBufferDrain(WsConnection connection) {
		this.calls.add("drain");
	}

}
