import { Readable } from "node:stream";
import { forgottenCookies, formTargets, handlerParts } from "./handler-parts.ts";
import type { Incoming, Outgoing } from "./incoming.ts";
import { loginButtons, type ShownButtons } from "./login-buttons.ts";
import type { ButtonPage, RouteOptions } from "./route-options.ts";

/** A request of the Fetch standard, with what the framework knows about it. */
export interface FetchAt<Context> {
	readonly request: Request;
	/** What the handler was called with, such as Hono's context or Fastify's request. */
	readonly context: Context;
	/** Adds a `Set-Cookie` value to the answer, for sessions that no framework keeps. */
	setCookie(value: string): void;
}

/** Answers the requests to the routes of plugins, for frameworks with `Request` and `Response`. */
export interface FetchHandler<Context> {
	/** A request that is at no route is answered with a page. */
	(request: Request, context?: Context): Promise<Response>;
	/**
	 * The plugins' buttons for a page, with the CSRF field in each form, and the `Set-Cookie` values that have to be sent
	 * with the page.
	 */
	buttons(request: Request, page: ButtonPage, context?: Context): Promise<ShownButtons>;
	/** The `Set-Cookie` values that delete the cookies of all plugins. Send them when a user logs out. */
	forgetCookies(request: Request): Promise<readonly string[]>;
	/**
	 * The origins that forms may lead to besides the portal. They belong into `form-action` of the Content Security Policy
	 * of each page with a button, because browsers apply it to the redirect after a POST as well.
	 */
	formTargets(): readonly string[];
}

/** Makes the handler for Hono, Next, Fastify and others that take a `Response`. */
export function toFetchHandler<Context = unknown>(
	options: RouteOptions<FetchAt<Context>>,
): FetchHandler<Context> {
	const { routes, guard } = handlerParts(options);
	const handler = async (request: Request, context?: Context): Promise<Response> => {
		const cookies: string[] = [];
		const at = atOf(request, context, cookies);
		const answer =
			(await routes.answer(incomingOf(request), at)) ??
			(await routes.refuse("not-found", undefined, at));
		runAfter(options, at, answer.afterwards);
		return responseOf(answer, cookies, request.method);
	};
	const more = {
		formTargets: () => formTargets(options),
		buttons: async (request: Request, page: ButtonPage, context?: Context) => {
			const set: string[] = [];
			const at = atOf(request, context, set);
			const shown = await loginButtons(options, guard, incomingOf(request), at, page);
			return { ...shown, cookies: [...set, ...shown.cookies] };
		},
		forgetCookies: (request: Request) =>
			forgottenCookies(options, request.headers.get("cookie") ?? undefined),
	};
	return Object.assign(handler, more);
}

function atOf<Context>(
	request: Request,
	context: Context | undefined,
	cookies: string[],
): FetchAt<Context> {
	return {
		request,
		context: context as Context,
		setCookie: (value) => void cookies.push(value),
	};
}

function incomingOf(request: Request): Incoming {
	const { pathname, search, host } = new URL(request.url);
	return {
		method: request.method,
		target: `${pathname}${search}`,
		// Frameworks that make the request themselves may leave out its host.
		header: (name) => request.headers.get(name) ?? (name === "host" ? host : undefined),
		body: () => request.body ?? Readable.from([]),
	};
}

function responseOf(
	{ status, headers, cookies, body }: Outgoing,
	set: readonly string[],
	method: string,
): Response {
	const response = new Response(method === "HEAD" ? null : body, { status, headers });
	for (const cookie of [...set, ...cookies]) {
		response.headers.append("set-cookie", cookie);
	}
	return response;
}

function runAfter<At>(options: RouteOptions<At>, at: At, work: Outgoing["afterwards"]): void {
	if (work === undefined) {
		return;
	}
	if (options.runAfter !== undefined) {
		options.runAfter(at, work);
	} else {
		// The framework sends the answer first: it has all of it.
		setTimeout(() => void work(), 0);
	}
}
