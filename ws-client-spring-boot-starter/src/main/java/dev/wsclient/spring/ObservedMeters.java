package dev.wsclient.spring;

import io.micrometer.observation.Observation;

/**
 * Remembers which meters the observations of one connection made, so that they are
 * removed with it. Any thread.
 */
interface ObservedMeters {

	/**
	 * Stands for an application without meters.
	 */
	ObservedMeters NONE = new ObservedMeters() {

		@Override
		public void started(Observation.Context context) {
		}

		@Override
		public void stopped(Observation.Context context) {
		}

		@Override
		public void remove() {
		}

	};

	/**
	 * An observation was started.
	 * @param context its context
	 */
	void started(Observation.Context context);

	/**
	 * An observation was stopped.
	 * @param context its context
	 */
	void stopped(Observation.Context context);

	/**
	 * Removes the meters, and from now on each that comes late.
	 */
	void remove();

	/**
	 * Makes what remembers the meters of a connection.
	 */
	interface Factory {

		/**
		 * Makes it.
		 * @return what remembers
		 */
		ObservedMeters create();

	}

}
