package dev.wsclient.spring;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import io.micrometer.common.KeyValue;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.observation.Observation;
import org.jspecify.annotations.Nullable;

/**
 * The meters that Micrometer's handler for meters makes of observations: a timer, and a
 * long task timer of what is under way. They are known by the ids they are asked for
 * with, which a {@code MeterFilter} may change.
 */
class RegisteredObservedMeters implements ObservedMeters {

	private static final String ERROR = "error";

	private final MeterRegistry registry;

	private final Set<Meter.Id> ids = ConcurrentHashMap.newKeySet();

	private volatile boolean removed;

	RegisteredObservedMeters(MeterRegistry registry) {
		this.registry = registry;
	}

	@Override
	public void started(Observation.Context context) {
		add(context, ".active", Meter.Type.LONG_TASK_TIMER, List.of());
	}

	@Override
	public void stopped(Observation.Context context) {
		@Nullable Throwable error = context.getError();
		String value = (error != null) ? error.getClass().getSimpleName() : KeyValue.NONE_VALUE;
		add(context, "", Meter.Type.TIMER, List.of(Tag.of(ERROR, value)));
	}

	private void add(Observation.Context context, String suffix, Meter.Type type, List<Tag> further) {
		if (context.getName() == null) {
			return;
		}
		List<Tag> tags = new ArrayList<>();
		context.getLowCardinalityKeyValues().forEach((each) -> tags.add(Tag.of(each.getKey(), each.getValue())));
		tags.addAll(further);
		this.ids.add(new Meter.Id(context.getName() + suffix, Tags.of(tags), null, null, type));
		if (this.removed) {
			removeAll();
		}
	}

	@Override
	public void remove() {
		this.removed = true;
		removeAll();
	}

	private void removeAll() {
		for (Meter.Id id : this.ids) {
			if (this.ids.remove(id)) {
				this.registry.removeByPreFilterId(id);
			}
		}
	}

}
