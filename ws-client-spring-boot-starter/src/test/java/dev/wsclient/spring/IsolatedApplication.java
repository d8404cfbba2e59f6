package dev.wsclient.spring;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * An application with its own copy of all classes, of a class path that it is given. As
 * nothing else has these classes, what is not on that class path is not there at all,
 * while a {@code FilteredClassLoader} hides it only from who asks for its name.
 */
final class IsolatedApplication implements AutoCloseable {

	private final URLClassLoader classLoader;

	private final AutoCloseable context;

	/**
	 * Starts an application.
	 * @param type the class of the application
	 * @param filter takes the names of jar files and folders of the class path
	 * @param arguments its arguments
	 * @throws Exception if it does not start
	 */
	IsolatedApplication(Class<?> type, Predicate<String> filter, String... arguments) throws Exception {
		URL[] urls = Arrays.stream(ApplicationProcess.classPath(filter).split(File.pathSeparator))
			.map(IsolatedApplication::url)
			.toArray(URL[]::new);
		this.classLoader = new URLClassLoader(urls, ClassLoader.getPlatformClassLoader());
		this.context = (AutoCloseable) inClassLoader(() -> {
			Class<?> application = this.classLoader.loadClass("org.springframework.boot.SpringApplication");
			return application.getMethod("run", Class.class, String[].class)
				.invoke(null, this.classLoader.loadClass(type.getName()), arguments);
		});
	}

	private static URL url(String entry) {
		try {
			return Path.of(entry).toUri().toURL();
		}
		catch (MalformedURLException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private Object inClassLoader(Action action) throws Exception {
		Thread thread = Thread.currentThread();
		ClassLoader outer = thread.getContextClassLoader();
		thread.setContextClassLoader(this.classLoader);
		try {
			return action.run();
		}
		finally {
			thread.setContextClassLoader(outer);
		}
	}

	/**
	 * Whether a class is on the class path.
	 * @param name its name
	 * @return {@code true} if it can be loaded
	 */
	boolean hasClass(String name) {
		return this.classLoader.getResource(name.replace('.', '/') + ".class") != null;
	}

	/**
	 * Returns the names of the beans that the application defines.
	 * @return the names
	 * @throws Exception if that fails
	 */
	Set<String> beanNames() throws Exception {
		Object names = this.classLoader.loadClass("org.springframework.context.ApplicationContext")
			.getMethod("getBeanDefinitionNames")
			.invoke(this.context);
		return Set.copyOf(List.of((String[]) names));
	}

	@Override
	public void close() throws IOException {
		try {
			inClassLoader(() -> {
				this.context.close();
				return this;
			});
		}
		catch (Exception ex) {
			throw new IllegalStateException("The application does not end", ex);
		}
		finally {
			this.classLoader.close();
		}
	}

	/**
	 * What needs the application's class loader.
	 */
	private interface Action {

		Object run() throws Exception;

	}

}
