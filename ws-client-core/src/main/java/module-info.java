/**
 * An asynchronous WebSocket client that keeps its connections alive.
 */
@SuppressWarnings("module") // the starter is compiled later
module dev.wsclient {

	requires transitive java.net.http;
	requires io.netty.buffer;
	requires io.netty.codec;
	requires io.netty.codec.http;
	requires io.netty.common;
	requires io.netty.handler;
	requires io.netty.handler.proxy;
	requires io.netty.transport;
	requires io.netty.transport.unix.common;
	requires jdk.net;
	requires org.slf4j;
	requires static transitive org.jspecify;
	requires static io.netty.transport.classes.epoll;
	requires static io.netty.transport.classes.io_uring;
	requires static io.netty.transport.classes.kqueue;

	exports dev.wsclient;
	exports dev.wsclient.exception;
	exports dev.wsclient.internal.listener to dev.wsclient.spring;
	exports dev.wsclient.observe;
	exports dev.wsclient.options;

}
