import { forgottenCookies, formTargets, handlerParts } from "./handler-parts.ts";
import { bodyRead, headerIn, type Incoming, type Outgoing } from "./incoming.ts";
import { loginButtons, type ShownButtons } from "./login-buttons.ts";
import type { ButtonPage, RouteOptions } from "./route-options.ts";

/** A request that a framework such as Fastify has read. */
export interface ParsedRequest {
	readonly method: string;
	/** Path and query. */
	readonly url: string;
	/** By name in lower case. */
	readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
	/** The text that was sent. */
	readonly body?: unknown;
}

/** A request, with what the framework knows about it. */
export interface FetchAt<Context, Req extends Request | ParsedRequest = Request> {
	readonly request: Req;
	/** What the handler was called with, such as the context of Hono or Next. */
	readonly context: Context;
	/** Adds a `Set-Cookie` value to the answer, for sessions that no framework keeps. */
	setCookie(value: string): void;
}

/** Answers the requests to the routes of plugins, for frameworks with `Request` and `Response`. */
export interface FetchHandler<Context, Req extends Request | ParsedRequest = Request> {
	/** A request that is at no route is answered with a page. */
	(request: Req, context?: Context): Promise<Response>;
	/**
	 * The plugins' buttons for a page, with the CSRF field in each form, and the `Set-Cookie` values that have to be sent
	 * with the page.
	 */
	buttons(request: Req, page: ButtonPage, context?: Context): Promise<ShownButtons>;
	/** The `Set-Cookie` values that delete the cookies of all plugins. Send them when a user logs out. */
	forgetCookies(request: Req): Promise<readonly string[]>;
	/**
	 * The origins that forms may lead to besides the portal. They belong into `form-action` of the Content Security Policy
	 * of each page with a button, because browsers apply it to the redirect after a POST as well.
	 */
	formTargets(): readonly string[];
}

/** Makes the handler for Fastify, Hono, Next and others that take a `Response`. */
export function toFetchHandler<Context = unknown, Req extends Request | ParsedRequest = Request>(
	options: RouteOptions<FetchAt<Context, Req>>,
): FetchHandler<Context, Req> {
	const { routes, guard } = handlerParts(options);
	const handler = async (request: Req, context?: Context): Promise<Response> => {
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
		buttons: async (request: Req, page: ButtonPage, context?: Context) => {
			const set: string[] = [];
			const at = atOf(request, context, set);
			const shown = await loginButtons(options, guard, incomingOf(request), at, page);
			return { ...shown, cookies: [...set, ...shown.cookies] };
		},
		forgetCookies: (request: Req) =>
			forgottenCookies(options, incomingOf(request).header("cookie")),
	};
	return Object.assign(handler, more);
}

function atOf<Context, Req extends Request | ParsedRequest>(
	request: Req,
	context: Context | undefined,
	cookies: string[],
): FetchAt<Context, Req> {
	return {
		request,
		context: context as Context,
		setCookie: (value) => void cookies.push(value),
	};
}

function incomingOf(request: Request | ParsedRequest): Incoming {
	const { method, url } = request;
	if (isParsed(request)) {
		const { headers, body } = request;
		return {
			method,
			target: url,
			header: (name) => headerIn(headers, name),
			body: () => bodyRead(body ?? ""),
		};
	}
	const { headers } = request;
	const { pathname, search, host } = new URL(url);
	return {
		method,
		target: `${pathname}${search}`,
		// Frameworks that make the request themselves may leave out its host.
		header: (name) => headers.get(name) ?? (name === "host" ? host : undefined),
		body: () => request.body ?? bodyRead(""),
	};
}

function isParsed(request: Request | ParsedRequest): request is ParsedRequest {
	return typeof request.headers.get !== "function";
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
