package dev.wsclient.internal.protocol.message;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;

/**
 * Remembers what it was told, one line each.
 */
class RecordingSink implements MessageSink {

	final List<String> events = new ArrayList<>();

	@Override
	public void onText(ByteBuf payload) {
		record("text " + payload.toString(StandardCharsets.UTF_8));
	}

	@Override
	public void onBinary(ByteBuf payload) {
		record("binary " + ByteBufUtil.hexDump(payload));
	}

	@Override
	public void onPing(ByteBuf payload) {
		record("ping " + ByteBufUtil.hexDump(payload));
	}

	@Override
	public void onPong(ByteBuf payload) {
		record("pong " + ByteBufUtil.hexDump(payload));
	}

	@Override
	public void onClose(int code, String reason) {
		record("close " + code + " " + reason);
	}

	void record(String event) {
		this.events.add(event);
	}

}
