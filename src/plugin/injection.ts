// The only import of tsyringe: its metadata polyfill has to be loaded before it.
import "@abraham/reflection";
import {
	type DependencyContainer,
	inject,
	injectable,
	Lifecycle,
	container as root,
} from "tsyringe";

export { type DependencyContainer, inject, injectable, Lifecycle };

export function newContainer(): DependencyContainer {
	return root.createChildContainer();
}

/** The `HelpdeskHost` the plugin was created with. */
export const HOST = Symbol("host");
/** The `IdentityProvider` that knows X. */
export const IDENTITY_PROVIDER = Symbol("identity provider");
/** The `Messages` in every language. */
export const MESSAGES = Symbol("messages");
/** The `Notices` that go out by mail. */
export const NOTICES = Symbol("notices");
/** The `LoginSettings` of a brand. */
export const LOGIN_SETTINGS = Symbol("login settings");
