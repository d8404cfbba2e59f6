package dev.wsclient.app.echo;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/**
 * Sends back what it receives. Tests run it in a JVM of its own, with the class path that
 * they want.
 */
@SpringBootApplication
public class EchoApplication {

	/** Printed when {@link #main(String[])} has nothing left to do. */
	public static final String MAIN_RETURNS = "main returns";

	public static void main(String[] args) {
		SpringApplication.run(EchoApplication.class, args);
		System.out.println(MAIN_RETURNS);
	}

}
