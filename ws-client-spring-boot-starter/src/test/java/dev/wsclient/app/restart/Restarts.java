package dev.wsclient.app.restart;

import java.beans.Introspector;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;

import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.AnnotationUtils;
import org.springframework.util.ReflectionUtils;

import dev.wsclient.WsConnection;

/**
 * Starts an application again and again, each time with a class loader of its own for its
 * classes, while those of libraries stay. Ends with an error if a class loader or a
 * thread of an application outlives it.
 */
public final class Restarts {

	/** Printed when nothing was left behind. */
	public static final String NOTHING_LEFT = "nothing is left";

	private static final String APPLICATION = "dev.wsclient.app.echo.";

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	private Restarts() {
	}

	/**
	 * Restarts the application.
	 * @param args its arguments
	 * @throws InterruptedException if interrupted
	 */
	public static void main(String[] args) throws InterruptedException {
		// Spring Boot itself keeps the class loader of who uses it first, by its shutdown
		// hook
		// and converters
		run(Restarts.class.getClassLoader(), args);
		for (int i = 0; i < 3; i++) {
			WeakReference<ClassLoader> classLoader = run(new ApplicationClassLoader(), args);
			Awaitility.await("threads of the application have ended")
				.atMost(PATIENCE)
				.until(Restarts::threads, Set::isEmpty);
			Awaitility.await("the class loader of the application is collected").atMost(PATIENCE).until(() -> {
				clearCaches();
				return classLoader.refersTo(null);
			});
		}
		System.out.println(NOTHING_LEFT);
	}

	/** On a thread of its own, so that the stack holds nothing of it. */
	private static WeakReference<ClassLoader> run(ClassLoader classLoader, String[] args) throws InterruptedException {
		Thread thread = new Thread(() -> runToEnd(classLoader, args), "restartedMain");
		thread.setContextClassLoader(classLoader);
		thread.start();
		thread.join();
		return new WeakReference<>(classLoader);
	}

	private static void runToEnd(ClassLoader classLoader, String[] args) {
		try (ConfigurableApplicationContext context = application(classLoader).run(args)) {
			WsConnection connection = context.getBean(WsConnection.class);
			Awaitility.await("messages are handled")
				.atMost(PATIENCE)
				.until(() -> connection.snapshot().messagesSent() > 1);
		}
		catch (ClassNotFoundException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static SpringApplication application(ClassLoader classLoader) throws ClassNotFoundException {
		return new SpringApplication(classLoader.loadClass(APPLICATION + "EchoApplication"));
	}

	private static Set<String> threads() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> thread.getName().startsWith("ws-client") || thread.getName().startsWith("task-")
					|| thread.getContextClassLoader() instanceof ApplicationClassLoader)
			.map(Thread::getName)
			.collect(Collectors.toSet());
	}

	/** Those that the developer tools clear. */
	private static void clearCaches() {
		Introspector.flushCaches();
		ResolvableType.clearCache();
		ReflectionUtils.clearCache();
		AnnotationUtils.clearCache();
		System.gc();
	}

	/**
	 * Loads the classes of the application itself.
	 */
	private static final class ApplicationClassLoader extends ClassLoader {

		ApplicationClassLoader() {
			super(Restarts.class.getClassLoader());
		}

		@Override
		protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
			if (!name.startsWith(APPLICATION)) {
				return super.loadClass(name, resolve);
			}
			synchronized (getClassLoadingLock(name)) {
				@Nullable Class<?> loaded = findLoadedClass(name);
				return (loaded != null) ? loaded : define(name);
			}
		}

		private Class<?> define(String name) throws ClassNotFoundException {
			try (InputStream stream = getResourceAsStream(name.replace('.', '/') + ".class")) {
				if (stream == null) {
					throw new ClassNotFoundException(name);
				}
				byte[] bytes = stream.readAllBytes();
				return defineClass(name, bytes, 0, bytes.length);
			}
			catch (IOException ex) {
				throw new ClassNotFoundException(name, ex);
			}
		}

	}

}
