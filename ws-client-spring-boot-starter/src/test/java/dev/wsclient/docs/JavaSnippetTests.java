package dev.wsclient.docs;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.StandardLocation;
import javax.tools.ToolProvider;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.wsclient.docs.Page.Snippet;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Every Java snippet of the documentation compiles: declarations as they stand,
 * statements as the body of a method of {@link Surroundings}. The snippets of a page
 * share a package, so that one can use what another declares.
 */
class JavaSnippetTests {

	private static final Pattern IMPORT = Pattern.compile("(?m)^import .+;\\R");

	private static final Pattern PACKAGE = Pattern.compile("(?m)^package .+;\\R");

	private static final Pattern DECLARATION = Pattern
		.compile("(?m)\\A\\s*(@[A-Z]|(public |final |abstract )*(class|record|interface|enum) )");

	private static final String IMPORTS = """
			import dev.wsclient.*;
			import dev.wsclient.docs.*;
			import dev.wsclient.exception.*;
			import dev.wsclient.observe.*;
			import dev.wsclient.options.*;
			import dev.wsclient.spring.*;
			import java.net.URI;
			import java.nio.*;
			import java.nio.file.*;
			import java.time.*;
			import java.util.*;
			import java.util.concurrent.*;
			import org.slf4j.Logger;
			import org.slf4j.LoggerFactory;
			import org.springframework.beans.factory.annotation.*;
			import org.springframework.boot.*;
			import org.springframework.boot.autoconfigure.*;
			import org.springframework.context.annotation.*;
			import org.springframework.context.event.*;
			import org.springframework.stereotype.*;
			""";

	@TempDir
	private Path classes;

	@Test
	void everyJavaSnippetCompiles() throws IOException {
		List<Page> pages = Page.all();
		List<JavaFileObject> sources = new ArrayList<>();
		for (int i = 0; i < pages.size(); i++) {
			int number = 0;
			for (Snippet snippet : pages.get(i).snippets("java")) {
				sources.add(source(snippet, "snippets.page" + i, "Snippet" + number++));
			}
		}
		assertThat(sources).hasSizeGreaterThan(20);
		assertThat(compile(sources)).isEmpty();
	}

	private static JavaFileObject source(Snippet snippet, String packageName, String className) {
		StringBuilder imports = new StringBuilder();
		IMPORT.matcher(snippet.code()).results().forEach((each) -> imports.append(each.group()));
		String code = PACKAGE.matcher(IMPORT.matcher(snippet.code()).replaceAll("")).replaceAll("");
		if (!DECLARATION.matcher(code).find()) {
			code = "class " + className + " extends Surroundings { protected void run() throws Exception {\n" + code
					+ "\n}}";
		}
		return new Source(snippet.place(), packageName + "." + className,
				"package " + packageName + ";\n" + IMPORTS + imports + code);
	}

	private List<String> compile(List<JavaFileObject> sources) throws IOException {
		JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
		DiagnosticCollector<JavaFileObject> diagnostics = new DiagnosticCollector<>();
		try (StandardJavaFileManager files = compiler.getStandardFileManager(diagnostics, Locale.ROOT, null)) {
			files.setLocationFromPaths(StandardLocation.CLASS_OUTPUT, List.of(this.classes));
			compiler.getTask(null, files, diagnostics, List.of("-proc:none", "-parameters"), null, sources).call();
		}
		return diagnostics.getDiagnostics()
			.stream()
			.filter((diagnostic) -> diagnostic.getKind() == Diagnostic.Kind.ERROR)
			.map(JavaSnippetTests::describe)
			.toList();
	}

	private static String describe(Diagnostic<? extends JavaFileObject> diagnostic) {
		String place = (diagnostic.getSource() instanceof Source source) ? source.place : "?";
		return place + ": " + diagnostic.getMessage(Locale.ROOT) + " in line " + diagnostic.getLineNumber()
				+ " of its source";
	}

	/**
	 * The source of a snippet.
	 */
	private static final class Source extends SimpleJavaFileObject {

		private final String place;

		private final String code;

		Source(String place, String className, String code) {
			super(URI.create("string:///" + className.replace('.', '/') + ".java"), Kind.SOURCE);
			this.place = place;
			this.code = code;
		}

		@Override
		public CharSequence getCharContent(boolean ignoreEncodingErrors) {
			return this.code;
		}

		@Override
		public boolean isNameCompatible(String simpleName, Kind kind) {
			return kind == Kind.SOURCE;
		}

	}

}
