package dev.wsclient.spring;

import java.lang.reflect.Method;

import org.jspecify.annotations.Nullable;
import org.springframework.aot.hint.ExecutableMode;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.util.Assert;
import org.springframework.util.ReflectionUtils;

/**
 * What connections need in a native image besides what is generated: the method that
 * those are made by which were not known when the application was processed.
 */
class WsRuntimeHints implements RuntimeHintsRegistrar {

	@Override
	public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
		Method method = ReflectionUtils.findMethod(ConnectionRegistry.class, WsConnectionsRegistrar.FACTORY_METHOD,
				String.class);
		Assert.state(method != null, "No factory method for connections");
		hints.reflection().registerMethod(method, ExecutableMode.INVOKE);
	}

}
