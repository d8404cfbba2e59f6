package dev.wsclient.spring;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;

/**
 * Counts how many connections use each meter. A {@code MeterFilter} that takes the tag
 * {@code client} away makes several connections share one, which goes with the last.
 */
class MeterUses {

	private final MeterRegistry registry;

	private final Map<Meter, Integer> uses = new ConcurrentHashMap<>();

	MeterUses(MeterRegistry registry) {
		this.registry = registry;
	}

	/**
	 * Registers a meter that is to be released.
	 * @param registration registers it
	 * @return the meter
	 */
	<M extends Meter> M use(Function<MeterRegistry, M> registration) {
		M meter = registration.apply(this.registry);
		this.uses.merge(meter, 1, Integer::sum);
		return meter;
	}

	/**
	 * Removes a meter from the registry if this was its last use.
	 * @param meter the meter
	 */
	void release(Meter meter) {
		if (this.uses.computeIfPresent(meter, (key, count) -> (count > 1) ? count - 1 : null) == null) {
			this.registry.remove(meter);
		}
	}

}
