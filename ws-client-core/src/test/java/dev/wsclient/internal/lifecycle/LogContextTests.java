package dev.wsclient.internal.lifecycle;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

import dev.wsclient.WsState;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

/**
 * The connection's name in the context of log lines.
 */
class LogContextTests {

	private static final String KEY = "ws.client";

	private final Logger logger = (Logger) LoggerFactory.getLogger("dev.wsclient");

	private final ListAppender<ILoggingEvent> lines = new ListAppender<>();

	@BeforeEach
	void listen() {
		this.logger.setLevel(Level.INFO);
		this.lines.start();
		this.logger.addAppender(this.lines);
	}

	@AfterEach
	void stop() {
		this.logger.detachAppender(this.lines);
		this.logger.setLevel(null);
		MDC.clear();
	}

	@Test
	void everyLineOfAConnectionsLifeTellsItsName() {
		ConnectionFixture fixture = new ConnectionFixture().in(WsState.CONNECTING);
		fixture.session().endByNetwork();
		fixture.awaitAttempt();
		fixture.openSession();
		fixture.session().endByServer(1001);
		fixture.awaitAttempt();
		fixture.session().endByRefusal(403);
		fixture.listener.throwIn("onConnect");
		fixture.open();
		assertThat(this.lines.list).extracting(ILoggingEvent::getMDCPropertyMap)
			.hasSizeGreaterThanOrEqualTo(5)
			.allSatisfy((context) -> assertThat(context).containsEntry(KEY, "feed"));
		assertThat(MDC.get(KEY)).isNull();
	}

	@Test
	void whatWasThereBeforeComesBack() {
		MDC.put(KEY, "another");
		MDC.put("user", "kept");
		new ConnectionFixture().open();
		assertThat(this.lines.list).isNotEmpty()
			.extracting((line) -> line.getMDCPropertyMap().get(KEY))
			.containsOnly("feed");
		assertThat(MDC.getCopyOfContextMap()).containsOnly(entry(KEY, "another"), entry("user", "kept"));
	}

}
