package dev.wsclient.sample;

import java.io.IOException;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Refuses requests that name a host other than those of {@code sample.hosts}. Otherwise a
 * page from elsewhere could point its own name at this machine (DNS rebinding) and press
 * the buttons that break connections.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
class HostFilter extends OncePerRequestFilter {

	/**
	 * RFC 9110, section 15.5.20.
	 */
	private static final int MISDIRECTED_REQUEST = 421;

	private final Set<String> hosts;

	HostFilter(@Value("${sample.hosts}") Set<String> hosts) {
		this.hosts = hosts.stream()
			.map((host) -> host.toLowerCase(Locale.ROOT))
			.collect(Collectors.toUnmodifiableSet());
	}

	@Override
	protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
			throws ServletException, IOException {
		if (this.hosts.contains(request.getServerName().toLowerCase(Locale.ROOT))) {
			chain.doFilter(request, response);
		}
		else {
			response.setStatus(MISDIRECTED_REQUEST);
			response.setContentType(MediaType.TEXT_PLAIN_VALUE);
			response.getWriter().println("The sample answers only for the hosts that the property sample.hosts lists.");
		}
	}

}
