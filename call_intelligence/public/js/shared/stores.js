// The stores of a page, one for each feature. They are made once and never replaced, so components can take them apart.
import { inject } from "vue";

const STORES = Symbol("stores");

/** Gives the stores to the components of an app. @param {Object<string, object>} stores by feature */
export function provide_stores(app, stores) {
	app.provide(STORES, stores);
}

/** In a component's setup: the stores of all features, of which it takes those that it needs. */
export function use_stores() {
	return inject(STORES);
}
