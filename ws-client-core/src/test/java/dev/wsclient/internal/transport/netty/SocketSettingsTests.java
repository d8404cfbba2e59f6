package dev.wsclient.internal.transport.netty;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

import dev.wsclient.options.WsOptions;
import dev.wsclient.options.WsTcp;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of {@link SocketSettings}.
 */
class SocketSettingsTests {

	private final IoTransport io = IoTransport.select();

	private final Channel channel = this.io.channelFactory().get();

	private final WsOptions.Builder options = WsOptions.builder("ws://h");

	@AfterEach
	void close() {
		this.channel.unsafe().closeForcibly();
	}

	private Object option(ChannelOption<?> option) {
		return this.channel.config().getOption(option);
	}

	@Test
	void defaultsAreNoDelayAndKeepAlive() {
		this.io.socketSettings().apply(this.channel, this.options.build());
		assertThat(option(ChannelOption.TCP_NODELAY)).isEqualTo(true);
		assertThat(option(ChannelOption.SO_KEEPALIVE)).isEqualTo(true);
		assertThat(option(ChannelOption.SO_REUSEADDR)).isEqualTo(false);
	}

	@Test
	void bothCanBeTurnedOff() {
		this.io.socketSettings()
			.apply(this.channel, this.options.tcp(WsTcp.defaults().withNoDelay(false).withoutKeepAlive()).build());
		assertThat(option(ChannelOption.TCP_NODELAY)).isEqualTo(false);
		assertThat(option(ChannelOption.SO_KEEPALIVE)).isEqualTo(false);
	}

	@Test
	@EnabledOnOs(OS.LINUX)
	void timesOfKeepAliveAreSet() {
		SocketSettings settings = this.io.socketSettings();
		settings.apply(this.channel,
				this.options.tcp(WsTcp.defaults().withKeepAlive(Duration.ofSeconds(55), Duration.ofSeconds(5), 3))
					.build());
		assertThat(settings.idle()).isNotNull().satisfies((option) -> assertThat(option(option)).isEqualTo(55));
		assertThat(settings.interval()).isNotNull().satisfies((option) -> assertThat(option(option)).isEqualTo(5));
		assertThat(settings.count()).isNotNull().satisfies((option) -> assertThat(option(option)).isEqualTo(3));
	}

	@Test
	void unknownTimesAreLeftOut() {
		SocketSettings.NONE.apply(this.channel,
				this.options.tcp(WsTcp.defaults().withKeepAlive(Duration.ofSeconds(55), null, 3)).build());
		assertThat(option(ChannelOption.SO_KEEPALIVE)).isEqualTo(true);
	}

	@Test
	void fixedLocalPortIsUsedAgain() {
		this.io.socketSettings()
			.apply(this.channel,
					this.options.localAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 4711)).build());
		assertThat(option(ChannelOption.SO_REUSEADDR)).isEqualTo(true);
	}

}
