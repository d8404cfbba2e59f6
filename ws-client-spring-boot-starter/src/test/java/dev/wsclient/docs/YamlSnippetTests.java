package dev.wsclient.docs;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.boot.security.oauth2.client.autoconfigure.OAuth2ClientAutoConfiguration;
import org.springframework.boot.ssl.DefaultSslBundleRegistry;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.env.PropertySource;
import org.springframework.core.io.ByteArrayResource;

import dev.wsclient.docs.Page.Snippet;
import dev.wsclient.spring.WsClientAutoConfiguration;
import dev.wsclient.spring.WsOAuth2AutoConfiguration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Every YAML snippet of the documentation starts an application whose connections stay
 * idle.
 */
class YamlSnippetTests {

	private static final Pattern ENVIRONMENT_VARIABLE = Pattern.compile("\\$\\{([A-Z_]+)}");

	@Test
	void everyYamlSnippetStartsAnApplication() throws IOException {
		List<Snippet> snippets = Page.all().stream().flatMap((page) -> page.snippets("yaml").stream()).toList();
		assertThat(snippets).hasSizeGreaterThan(5);
		for (Snippet snippet : snippets) {
			starts(snippet);
		}
	}

	private static void starts(Snippet snippet) throws IOException {
		byte[] yaml = snippet.code().getBytes(StandardCharsets.UTF_8);
		List<PropertySource<?>> sources = new YamlPropertySourceLoader().load(snippet.place(),
				new ByteArrayResource(yaml));
		String[] variables = ENVIRONMENT_VARIABLE.matcher(snippet.code())
			.results()
			.map((variable) -> variable.group(1) + "=some-value")
			.toArray(String[]::new);
		new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(WsClientAutoConfiguration.class, WsOAuth2AutoConfiguration.class,
					OAuth2ClientAutoConfiguration.class))
			.withInitializer((context) -> sources.forEach(context.getEnvironment().getPropertySources()::addLast))
			.withBean(SslBundles.class, () -> new DefaultSslBundleRegistry("feed", SslBundle.of(null)))
			.withPropertyValues(variables)
			.withPropertyValues("ws.defaults.auto-start=false")
			.run((context) -> assertThat(context).as(snippet.place()).hasNotFailed());
	}

}
