package dev.wsclient.sample;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Looks at the page with a real browser and presses its buttons.
 */
@EnabledIf(value = "isBrowserInstalled", disabledReason = "Chromium is not installed: the page is NOT tested")
class PageIntegrationTests {

	private static final String MARKET = "#connection-market ";

	private static final String ORDERS = "#connection-orders ";

	private static ConfigurableApplicationContext application;

	private static Browser browser;

	static boolean isBrowserInstalled() {
		if (!Browser.isInstalled()) {
			System.err.println("""

					*** The sample's page is NOT tested, as there is no Chromium here.
					*** Install it: apt-get install chromium chromium-driver
					""");
		}
		return Browser.isInstalled();
	}

	@BeforeAll
	static void start() throws IOException {
		application = startApplication("0");
		browser = new Browser();
	}

	/**
	 * The longer delay is for the page on a loaded machine to have time to show it.
	 */
	private static ConfigurableApplicationContext startApplication(String port) {
		return SpringApplication.run(SampleApplication.class, "--server.port=" + port, "--feed.restart-every=1h",
				"--ws.defaults.reconnect.initial-delay=4s");
	}

	@AfterAll
	static void stop() throws IOException {
		browser.close();
		application.close();
	}

	@BeforeEach
	void openPage() {
		browser.resize(1360, 900);
		browser.prefer("light");
		browser.open(url(application));
		awaitState(MARKET, "OPEN");
		awaitState(ORDERS, "OPEN");
	}

	private static String url(ConfigurableApplicationContext application) {
		return "http://localhost:" + port(application) + "/";
	}

	private static String port(ConfigurableApplicationContext application) {
		return application.getEnvironment().getRequiredProperty("local.server.port");
	}

	@AfterEach
	void consoleHasNoErrors() {
		assertThat(browser.consoleErrors()).isEmpty();
	}

	@Test
	void showsTheFiguresOfEachConnection() {
		assertThat(browser.findAll("article h2")).extracting(WebElement::getText).containsExactly("market", "orders");
		for (String card : List.of(MARKET, ORDERS)) {
			browser.awaitText(card + "[data-round-trip]", "[\\d.]+ (µs|ms)");
			browser.awaitText(card + "[data-received]", "[1-9][\\d.,]*/s");
			browser.awaitText(card + "[data-last-received]", "last bytes [\\d.]+ s ago");
			browser.awaitText(card + "[data-sessions]", "[1-9]\\d*");
			browser.awaitText(card + "[data-now]", "Session \\w+#\\d+, open for .+");
			browser.awaitText(card + "[data-uri]", "ws://localhost:\\d+/feed/\\w+");
			awaitLine(card, "received");
			awaitLine(card, "sent");
			awaitLine(card, "roundTrip");
			browser.awaitText(card + "[data-messages] li span", "\\{\"type\":.*");
		}
		browser.awaitText("#link", "Live");
	}

	private static void awaitLine(String card, String series) {
		browser.await("line " + series + " of " + card,
				() -> !browser.findAll(card + "path[data-line=" + series + "][d*=L]").isEmpty());
	}

	@Test
	void cutIsFollowedByTheCountdownAndTheNextSession() {
		int sessions = sessions(MARKET);
		press(MARKET, "CUT");
		awaitState(MARKET, "BACKOFF");
		browser.awaitText(MARKET + "[data-now]", "Attempt 1 in \\d\\.\\d s");
		assertThat(browser.find(MARKET + "progress").isDisplayed()).isTrue();
		assertThat(browser.text(MARKET + "[data-last-close]")).startsWith("1006, broken off");
		awaitState(MARKET, "OPEN");
		assertThat(sessions(MARKET)).isEqualTo(sessions + 1);
		assertThat(browser.findAll("#changes tr")).extracting(WebElement::getText)
			.anyMatch((change) -> change.contains("market OPEN → BACKOFF"))
			.anyMatch((change) -> change.contains("market CONNECTING → OPEN"));
	}

	@ParameterizedTest
	@CsvSource({ "SILENCE, .*pingTimeout.*, '1006, .*'", "STALL, .*messageTimeout.*, '1006, .*'" })
	void silenceIsFoundByItsDeadline(String fault, String error, String close) {
		press(ORDERS, fault);
		awaitState(ORDERS, "BACKOFF");
		browser.awaitText(ORDERS + "[data-last-error]", error);
		browser.awaitText(ORDERS + "[data-last-close]", close);
		awaitState(ORDERS, "OPEN");
	}

	@Test
	void restartIsAClose() {
		press(MARKET, "RESTART");
		awaitState(MARKET, "BACKOFF");
		browser.awaitText(MARKET + "[data-last-close]", "1012, the server restarts");
		awaitState(MARKET, "OPEN");
	}

	@Test
	void floodMeetsBackPressure() {
		int sessions = sessions(MARKET);
		press(MARKET, "FLOOD");
		awaitReading(MARKET, false);
		browser.awaitText(MARKET + "[data-waiting-calls]", "[1-9][\\d,]*");
		browser.awaitText(MARKET + "[data-received]", "[1-9]\\d/s");
		awaitReading(MARKET, true);
		assertThat(browser.findAll(MARKET + ".chart rect[data-is=OPEN][data-paused]")).isNotEmpty();
		assertThat(sessions(MARKET)).isEqualTo(sessions);
		assertThat(browser.text(MARKET + "[data-state]")).isEqualTo("OPEN");
	}

	@Test
	void refusalMakesMessagesWaitForTheNextSession() {
		press(ORDERS, "REFUSE");
		awaitState(ORDERS, "BACKOFF");
		browser.awaitText(ORDERS + "[data-queued]", "[1-9]\\d* · .*");
		browser.awaitText(ORDERS + "[data-attempts]", "[2-9]");
		browser.awaitText(ORDERS + "[data-last-error]", "no connection to .*");
		awaitState(ORDERS, "OPEN");
		browser.awaitText(ORDERS + "[data-queued]", "0 · 0 B");
		assertThat(browser.text(ORDERS + "[data-not-sent]")).isEqualTo("0");
	}

	@Test
	void connectionIsDisconnectedAndConnected() {
		click(MARKET, "disconnect");
		awaitState(MARKET, "CLOSED");
		browser.awaitText(MARKET + "[data-last-close]", "1000, done.*");
		browser.await("cut to be useless",
				() -> "true".equals(browser.find(MARKET + "[data-fault=CUT]").getDomAttribute("aria-disabled")));
		click(MARKET, "connect");
		awaitState(MARKET, "OPEN");
	}

	@Test
	void connectionIsReconnected() {
		int sessions = sessions(MARKET);
		click(MARKET, "reconnect");
		browser.await("another session", () -> sessions(MARKET) == sessions + 1);
		awaitState(MARKET, "OPEN");
	}

	@Test
	void connectionIsPausedAndResumed() {
		click(ORDERS, "pause");
		awaitReading(ORDERS, false);
		browser.awaitText(ORDERS + "[data-received]", "0.0/s");
		click(ORDERS, "resume");
		awaitReading(ORDERS, true);
		browser.awaitText(ORDERS + "[data-received]", "[1-9].*/s");
	}

	@Test
	void connectEndsTheBackoff() {
		int sessions = sessions(ORDERS);
		press(ORDERS, "CUT");
		awaitState(ORDERS, "BACKOFF");
		click(ORDERS, "connect");
		browser.await("another session", () -> sessions(ORDERS) == sessions + 1);
	}

	@Test
	void messageWithMarkupIsShownAsText() {
		String hostile = "<script>window.hacked = true</script><img src=x onerror=\"window.hacked = true\">";
		browser.find(ORDERS + "input").sendKeys(hostile, Keys.ENTER);
		browser.awaitText(ORDERS + "output", "Written to the socket at .*");
		browser.await("the message",
				() -> browser.findAll(ORDERS + "[data-messages] li span")
					.stream()
					.anyMatch((message) -> message.getText().equals(hostile)));
		assertThat(browser.findAll(ORDERS + "[data-messages] script, " + ORDERS + "[data-messages] img")).isEmpty();
		assertThat(browser.run("return window.hacked")).isNull();
	}

	@Test
	void longMessageIsTruncated() {
		browser.find(ORDERS + "input").sendKeys("x".repeat(500), Keys.ENTER);
		browser.await("the message",
				() -> browser.findAll(ORDERS + "[data-messages] li")
					.stream()
					.anyMatch((message) -> message.getText().matches("(?s).*\\sx{200}…\\s+500 B")));
	}

	@Test
	void sendingTellsWhatBecameOfTheMessage() {
		click(MARKET, "disconnect");
		awaitState(MARKET, "CLOSED");
		browser.find(MARKET + "input").sendKeys("hello", Keys.ENTER);
		browser.awaitText(MARKET + "output", "not accepted: .*");
		click(MARKET, "connect");
		awaitState(MARKET, "OPEN");
	}

	@Test
	void worksByKeyboard() {
		browser.find(MARKET + "[data-action=pause]").sendKeys(Keys.TAB);
		WebElement resume = browser.focused();
		assertThat(resume.getDomAttribute("data-action")).isEqualTo("resume");
		assertThat(resume.getCssValue("outline-style")).isEqualTo("solid");
		assertThat(browser.text(MARKET + "[data-hint]")).isEqualTo("Reads on.");
		resume.sendKeys(Keys.chord(Keys.SHIFT, Keys.TAB));
		browser.focused().sendKeys(Keys.SPACE);
		awaitReading(MARKET, false);
		assertThat(browser.focused().getDomAttribute("data-action")).isEqualTo("pause");
		browser.find(MARKET + "[data-action=resume]").sendKeys(Keys.ENTER);
		awaitReading(MARKET, true);
	}

	@Test
	void everythingHasAName() {
		for (WebElement element : browser
			.findAll("button, input, a, article, svg, progress, [role=group], [role=region]")) {
			if (element.isDisplayed()) {
				assertThat(element.getAccessibleName()).as(element.toString()).isNotBlank();
			}
		}
		assertThat(browser.run("return document.documentElement.lang")).isEqualTo("en");
	}

	@ParameterizedTest
	@CsvSource({ "390, 844", "320, 640", "768, 1024", "1920, 1080" })
	void fitsTheScreen(int width, int height) {
		browser.resize(width, height);
		assertThat(browser.run("return window.innerWidth")).isEqualTo((long) width);
		assertThat(browser.run("return document.documentElement.scrollWidth - document.documentElement.clientWidth"))
			.isEqualTo(0L);
	}

	@Test
	void isDarkWherePeopleLikeIt() {
		String light = browser.find("body").getCssValue("background-color");
		browser.prefer("dark");
		assertThat(browser.find("body").getCssValue("background-color")).isNotEqualTo(light)
			.startsWith("rgba(13, 17, 23");
		assertThat(browser.find("h1").getCssValue("color")).startsWith("rgba(229, 234, 242");
	}

	@Test
	void admitsThatTheApplicationIsGoneAndComesBackWithIt() {
		ConfigurableApplicationContext other = startApplication("0");
		String port = port(other);
		browser.open(url(other));
		awaitState(MARKET, "OPEN");
		other.close();
		browser.awaitText("#gone", "No connection to the application since \\d\\d:\\d\\d:\\d\\d.*");
		browser.awaitText("#link", "No connection");
		assertThat(browser.find("main").getCssValue("filter")).isEqualTo("grayscale(1)");
		String lastReceived = browser.text(MARKET + "[data-last-received]");
		String since = browser.text("#gone");
		browser.await("another attempt", () -> !browser.consoleErrors().isEmpty());
		assertThat(browser.text(MARKET + "[data-last-received]")).as("a figure that stands still")
			.isEqualTo(lastReceived);
		assertThat(browser.text("#gone")).isEqualTo(since);
		try (ConfigurableApplicationContext again = startApplication(port)) {
			assertThat(port(again)).isEqualTo(port);
			browser.awaitText("#link", "Live");
			assertThat(browser.find("#gone").isDisplayed()).isFalse();
			awaitState(MARKET, "OPEN");
			browser.open("about:blank");
			// Those of the time without an application
			browser.consoleErrors();
		}
	}

	/**
	 * Takes the picture in {@code docs}, with five minutes of history.
	 */
	@Test
	@EnabledIfSystemProperty(named = "page.screenshot", matches = "true")
	void looksLikeItsPicture() {
		Instant full = Instant.now().plus(Duration.ofMinutes(5));
		press(MARKET, "FLOOD");
		press(ORDERS, "REFUSE");
		await().atMost(Duration.ofMinutes(6)).until(() -> Instant.now().isAfter(full.minusSeconds(60)));
		press(MARKET, "SILENCE");
		await().atMost(Duration.ofMinutes(2)).until(() -> Instant.now().isAfter(full));
		press(ORDERS, "CUT");
		awaitState(ORDERS, "BACKOFF");
		browser.takeScreenshot(Path.of("../docs/sample-app.png"));
	}

	private static int sessions(String card) {
		return Integer.parseInt(browser.text(card + "[data-sessions]"));
	}

	private static void press(String card, String fault) {
		browser.find(card + "[data-fault=" + fault + "]").click();
	}

	private static void click(String card, String action) {
		browser.find(card + "[data-action=" + action + "]").click();
	}

	private static void awaitState(String card, String state) {
		browser.awaitText(card + "[data-state]", state);
	}

	private static void awaitReading(String card, boolean reading) {
		browser.await("reading to be " + reading + " at " + card,
				() -> browser.find(card + "[data-paused]").isDisplayed() != reading);
	}

}
