package dev.wsclient;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.logging.Logger;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClass.Predicates;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

import dev.wsclient.internal.DefaultWsClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The arrows between the packages, and what may not be used where.
 */
class ArchitectureTests {

	private static final String[] API = { "dev.wsclient", "dev.wsclient.options", "dev.wsclient.exception",
			"dev.wsclient.observe" };

	private static final JavaClasses CLASSES = new ClassFileImporter()
		.withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
		.importPackages("dev.wsclient");

	@Test
	void everyPackageIsLookedAt() {
		List<String> packages = CLASSES.stream().map(JavaClass::getPackageName).distinct().toList();
		assertThat(packages).contains(API)
			.contains("dev.wsclient.internal", "dev.wsclient.internal.lifecycle", "dev.wsclient.internal.time",
					"dev.wsclient.internal.transport", "dev.wsclient.internal.transport.netty",
					"dev.wsclient.internal.protocol.frame", "dev.wsclient.internal.protocol.message",
					"dev.wsclient.internal.protocol.close", "dev.wsclient.internal.protocol.handshake");
		assertThat(CLASSES).noneMatch((type) -> type.getSimpleName().endsWith("Tests"));
	}

	@Test
	void internalPackagesHaveNoCycles() {
		check(SlicesRuleDefinition.slices().assignedFrom(internalPackages()).should().beFreeOfCycles());
	}

	@Test
	void apiReachesInternalsThroughItsFactoryOnly() {
		check(ArchRuleDefinition.noClasses()
			.that()
			.resideInAnyPackage(API)
			.and()
			.doNotBelongToAnyOf(WsClient.class)
			.should()
			.dependOnClassesThat()
			.resideInAPackage("dev.wsclient.internal.."));
		check(ArchRuleDefinition.classes()
			.that()
			.belongToAnyOf(WsClient.class)
			.should()
			.onlyDependOnClassesThat(Predicates.resideInAnyPackage(API)
				.or(Predicates.resideInAPackage("java.."))
				.or(Predicates.resideInAPackage("org.jspecify.."))
				.or(DescribedPredicate.describe("DefaultWsClient",
						(type) -> type.isEquivalentTo(DefaultWsClient.class)))));
	}

	@Test
	void apiKnowsNoNetty() {
		check(ArchRuleDefinition.noClasses()
			.that()
			.resideInAnyPackage(API)
			.should()
			.dependOnClassesThat()
			.resideInAPackage("io.netty.."));
	}

	@Test
	void apiUsesTheJdkAndItself() {
		check(ArchRuleDefinition.classes()
			.that()
			.resideInAnyPackage(API)
			.should()
			.onlyDependOnClassesThat(Predicates.resideInAPackage("dev.wsclient..")
				.or(Predicates.resideInAPackage("java.."))
				.or(Predicates.resideInAPackage("javax.net.ssl.."))
				.or(Predicates.resideInAPackage("org.jspecify.."))));
	}

	@Test
	void protocolUsesBuffersAndValuesOnly() {
		check(ArchRuleDefinition.classes()
			.that()
			.resideInAPackage("dev.wsclient.internal.protocol..")
			.should()
			.onlyDependOnClassesThat(Predicates.resideInAPackage("dev.wsclient.internal.protocol..")
				.or(Predicates.resideInAnyPackage("dev.wsclient", "dev.wsclient.exception", "dev.wsclient.options"))
				.or(Predicates.resideInAPackage("java.."))
				.or(Predicates.resideInAPackage("io.netty.buffer.."))
				.or(Predicates.resideInAnyPackage("io.netty.util"))
				.or(Predicates.resideInAPackage("org.jspecify.."))));
	}

	@Test
	void protocolHasNoThreadClockOrRandomness() {
		check(ArchRuleDefinition.noClasses()
			.that()
			.resideInAPackage("dev.wsclient.internal.protocol..")
			.should()
			.dependOnClassesThat(Predicates.resideInAPackage("java.util.concurrent..")
				.or(Predicates.resideInAPackage("java.time.."))
				.or(Predicates.resideInAPackage("java.util.random.."))
				.or(Predicates.resideInAPackage("java.net..")
					.and(DescribedPredicate.describe("a socket", (type) -> type.getSimpleName().contains("Socket"))))
				.or(isAnyOf(Thread.class, Random.class, SecureRandom.class, Logger.class))));
	}

	@Test
	void lifecycleSpeaksToThePortOnly() {
		check(ArchRuleDefinition.noClasses()
			.that()
			.resideInAPackage("dev.wsclient.internal.lifecycle..")
			.should()
			.dependOnClassesThat(Predicates.resideInAPackage("io.netty..")
				.or(Predicates.resideInAPackage("dev.wsclient.internal.protocol.."))
				.or(Predicates.resideInAPackage("dev.wsclient.internal.transport.netty.."))));
	}

	@Test
	void portKnowsNeitherSide() {
		check(ArchRuleDefinition.noClasses()
			.that()
			.resideInAnyPackage("dev.wsclient.internal.transport", "dev.wsclient.internal.time")
			.should()
			.dependOnClassesThat(Predicates.resideInAPackage("io.netty.channel..")
				.or(Predicates.resideInAPackage("dev.wsclient.internal.protocol.."))
				.or(Predicates.resideInAPackage("dev.wsclient.internal.lifecycle.."))
				.or(Predicates.resideInAPackage("dev.wsclient.internal.transport.netty.."))));
	}

	@Test
	void channelsAreUsedByTheNettyTransportOnly() {
		check(ArchRuleDefinition.noClasses()
			.that()
			.resideOutsideOfPackage("dev.wsclient.internal.transport.netty..")
			.should()
			.dependOnClassesThat(Predicates.resideInAPackage("io.netty..")
				.and(DescribedPredicate.not(Predicates.resideInAnyPackage("io.netty.buffer", "io.netty.util")))));
	}

	@Test
	void linesAreLoggedByLoggersThatNeverThrow() {
		check(ArchRuleDefinition.noClasses()
			.that()
			.resideOutsideOfPackage("dev.wsclient.internal.log")
			.should()
			.dependOnClassesThat()
			.belongToAnyOf(LoggerFactory.class));
	}

	@Test
	void clocksAreReadInOnePackageOnly() {
		ArchRule rule = ArchRuleDefinition.noClasses()
			.that()
			.resideOutsideOfPackage("dev.wsclient.internal.time")
			.should()
			.callMethod(System.class, "nanoTime")
			.orShould()
			.callMethod(System.class, "currentTimeMillis")
			.orShould()
			.callMethod(Instant.class, "now")
			.orShould()
			.dependOnClassesThat()
			.areAssignableTo(Clock.class);
		check(rule);
	}

	@Test
	void nothingIsSynchronized() throws IOException {
		check(ArchRuleDefinition.classes().should(haveNoSynchronizedMethods()));
		Pattern block = Pattern.compile("\\bsynchronized\\s*\\(");
		try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
			List<Path> sources = files.filter((file) -> file.toString().endsWith(".java")).toList();
			assertThat(sources).hasSizeGreaterThan(50);
			for (Path source : sources) {
				assertThat(block.matcher(Files.readString(source)).find()).as(source.toString()).isFalse();
			}
		}
	}

	/**
	 * A slice for each package: a pattern would leave out the topmost.
	 */
	private static SliceAssignment internalPackages() {
		return new SliceAssignment() {

			@Override
			public SliceIdentifier getIdentifierOf(JavaClass type) {
				String name = type.getPackageName();
				return name.startsWith("dev.wsclient.internal") ? SliceIdentifier.of(name) : SliceIdentifier.ignore();
			}

			@Override
			public String getDescription() {
				return "internal packages";
			}

		};
	}

	private static ArchCondition<JavaClass> haveNoSynchronizedMethods() {
		return new ArchCondition<>("have no synchronized methods") {

			@Override
			public void check(JavaClass type, ConditionEvents events) {
				type.getMethods()
					.stream()
					.filter((method) -> method.getModifiers().contains(JavaModifier.SYNCHRONIZED))
					.forEach((method) -> events.add(SimpleConditionEvent.violated(method, method.getFullName())));
			}

		};
	}

	private static DescribedPredicate<JavaClass> isAnyOf(Class<?>... types) {
		return DescribedPredicate.describe("any of " + List.of(types),
				(type) -> Stream.of(types).anyMatch(type::isEquivalentTo));
	}

	/**
	 * A rule that looks at no class fails too.
	 */
	private static void check(ArchRule rule) {
		rule.allowEmptyShould(false).check(CLASSES);
	}

}
