package dev.wsclient.options;

import java.net.IDN;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The hosts that URLs and proxies name: addresses, and names as the DNS and its kin know
 * them, which is more than {@link URI#getHost()} takes. A name may have {@code _}, as
 * services of Docker do, and characters of any language, which are looked up, sent and
 * verified in their ASCII form (RFC 3490).
 */
final class HostName {

	private static final Pattern NAME = Pattern
		.compile("(?=.{1,254}$)[A-Za-z0-9_-]{1,63}(\\.[A-Za-z0-9_-]{1,63})*\\.?");

	/**
	 * What is read as a number of an address, which must then be one of IPv4 in full.
	 */
	private static final Pattern NUMBER_AT_END = Pattern.compile("(.*\\.)?([0-9]+|0[xX][0-9A-Fa-f]*)\\.?");

	private static final Pattern IPV4 = Pattern.compile("((25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])(\\.(?!$)|$)){4}");

	private HostName() {
	}

	/**
	 * Returns the ASCII form of a host.
	 * @param host a name, an IPv4 address, or an IPv6 address in brackets
	 * @return the host
	 * @throws IllegalArgumentException if it is no host
	 */
	static String toAscii(String host) {
		if (host.startsWith("[")) {
			return host;
		}
		String name = (host.indexOf('%') >= 0) ? decode(host) : host;
		if (name.chars().anyMatch((c) -> c > 0x7F)) {
			name = IDN.toASCII(name, IDN.ALLOW_UNASSIGNED);
		}
		if (!NAME.matcher(name).matches() || (NUMBER_AT_END.matcher(name).matches() && !IPV4.matcher(name).matches())) {
			throw new IllegalArgumentException("no host");
		}
		return name;
	}

	/**
	 * Undoes percent-encoding (RFC 3986, section 3.2.2).
	 */
	private static String decode(String host) {
		return URLDecoder.decode(host.replace("+", "%2B"), StandardCharsets.UTF_8);
	}

	/**
	 * Returns the host of a proxy as that of a URL.
	 * @param host a name or an address, an IPv6 address with or without brackets
	 * @return the host in its ASCII form, an IPv6 address without brackets
	 * @throws IllegalArgumentException if it is no host
	 */
	static String ofProxy(String host) {
		if (host.indexOf(':') < 0 && !host.startsWith("[")) {
			return toAscii(host);
		}
		String bracketed = host.startsWith("[") ? host : "[" + host + "]";
		try {
			String address = new URI("ws://" + bracketed + "/").getHost();
			if (!bracketed.equals(address)) {
				throw new IllegalArgumentException("no host");
			}
			return bare(withPlainZone(address));
		}
		catch (URISyntaxException ex) {
			throw new IllegalArgumentException("no host", ex);
		}
	}

	/**
	 * Undoes the encoding of the zone of an IPv6 address
	 * (<a href="https://www.rfc-editor.org/rfc/rfc6874#section-2">RFC 6874, section
	 * 2</a>): {@code %25} stands for {@code %}. A bare {@code %} is taken too.
	 */
	static String withPlainZone(String host) {
		int zone = host.indexOf('%');
		boolean encoded = zone >= 0 && host.startsWith("%25", zone) && zone + 4 < host.length();
		return encoded ? host.substring(0, zone + 1) + host.substring(zone + 3) : host;
	}

	/**
	 * Takes the zone off an IPv6 address: it has a meaning on this machine only.
	 */
	static String withoutZone(String host) {
		int zone = host.indexOf('%');
		return (zone < 0) ? host : host.substring(0, zone) + (host.endsWith("]") ? "]" : "");
	}

	/**
	 * Takes the brackets off an IPv6 address.
	 */
	static String bare(String host) {
		return (host.startsWith("[") && host.endsWith("]")) ? host.substring(1, host.length() - 1) : host;
	}

	/**
	 * Whether a host is the address on which servers listen, however it is written.
	 */
	static boolean isWildcard(String host) {
		if (!host.startsWith("[") && !IPV4.matcher(host).matches()) {
			return false;
		}
		try {
			return InetAddress.getByName(bare(withoutZone(host))).isAnyLocalAddress();
		}
		catch (UnknownHostException ex) {
			return false;
		}
	}

	/**
	 * Returns a form in which names are compared, whatever form they were written in.
	 * @param host a host, or a part of one
	 * @return the text in lower case and in the characters of its language
	 */
	static String comparable(String host) {
		String name = withoutZone(bare(host));
		StringBuilder comparable = new StringBuilder();
		for (String label : name.split("(?<=[.\u3002\uFF0E\uFF61])|(?=[.\u3002\uFF0E\uFF61])", -1)) {
			comparable.append(comparableLabel(label));
		}
		return comparable.toString().toLowerCase(Locale.ROOT);
	}

	private static String comparableLabel(String label) {
		if (label.length() == 1 && ".\u3002\uFF0E\uFF61".contains(label)) {
			return ".";
		}
		try {
			return IDN.toUnicode(IDN.toASCII(label, IDN.ALLOW_UNASSIGNED), IDN.ALLOW_UNASSIGNED);
		}
		catch (IllegalArgumentException ex) {
			return label;
		}
	}

}
