package dev.wsclient.benchmarks.server;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.function.BiConsumer;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;

/**
 * Answers an opening handshake and makes way for what its path asks for.
 */
final class HandshakeHandler extends ByteToMessageDecoder {

	private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

	private final BiConsumer<Channel, String> opened;

	/**
	 * Creates a handler.
	 * @param opened is given the path, and puts a handler behind this one
	 */
	HandshakeHandler(BiConsumer<Channel, String> opened) {
		this.opened = opened;
	}

	@Override
	protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) throws Exception {
		String request = in.toString(StandardCharsets.ISO_8859_1);
		int end = request.indexOf("\r\n\r\n");
		if (end < 0) {
			return;
		}
		in.skipBytes(end + 4);
		String path = request.substring(request.indexOf(' ') + 1, request.indexOf(' ', request.indexOf(' ') + 1));
		String response = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
				+ "Sec-WebSocket-Accept: " + accept(header(request, "sec-websocket-key")) + "\r\n"
				+ extension(path, request) + "\r\n";
		context.writeAndFlush(ByteBufUtil.writeAscii(context.alloc(), response), context.voidPromise());
		this.opened.accept(context.channel(), path);
		context.pipeline().remove(this);
	}

	private static String extension(String path, String request) {
		if (!path.startsWith("/deflate/")
				|| !header(request, "sec-websocket-extensions").contains("permessage-deflate")) {
			return "";
		}
		String parameter = path.startsWith("/deflate/no-takeover") ? "; server_no_context_takeover" : "";
		return "Sec-WebSocket-Extensions: permessage-deflate" + parameter + "\r\n";
	}

	private static String header(String request, String name) {
		for (String line : request.split("\r\n", -1)) {
			int colon = line.indexOf(':');
			if (colon > 0 && line.substring(0, colon).toLowerCase(Locale.ROOT).equals(name)) {
				return line.substring(colon + 1).trim();
			}
		}
		return "";
	}

	private static String accept(String key) throws NoSuchAlgorithmException {
		byte[] digest = MessageDigest.getInstance("SHA-1").digest((key + GUID).getBytes(StandardCharsets.US_ASCII));
		return Base64.getEncoder().encodeToString(digest);
	}

	@Override
	public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
		context.close();
	}

}
