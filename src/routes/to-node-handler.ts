import type { IncomingMessage, ServerResponse } from "node:http";
import type { LoginButton } from "../contract/login-button.ts";
import { afterSent } from "./after-sent.ts";
import { forgottenCookies, formTargets, handlerParts } from "./handler-parts.ts";
import { bodyRead, headerIn, type Incoming, type Outgoing } from "./incoming.ts";
import { loginButtons } from "./login-buttons.ts";
import type { ButtonPage, RouteOptions } from "./route-options.ts";

/** A request of Node's, with what the framework has added to both objects, such as Express's `req.session`. */
export interface NodeAt<Req extends IncomingMessage, Res extends ServerResponse> {
	readonly req: Req;
	readonly res: Res;
}

/** Answers the requests to the routes of plugins: middleware for Express and Connect, or a listener of `node:http`. */
export interface NodeHandler<Req extends IncomingMessage, Res extends ServerResponse> {
	/**
	 * Install it before anything that reads bodies, such as `express.urlencoded()`, because plugins get the fields in the
	 * order in which they were sent. Each request asks the plugins' brands ports for their paths, so that a path in front
	 * of it saves work: `app.use("/login", routes)`.
	 *
	 * @param next called for a request that is at no route, and with the error when one of the helpdesk's functions fails.
	 * Left out: such a request is answered with a page, and the promise rejects with the error. Catch it, because `node:http`
	 * does not.
	 */
	(req: Req, res: Res, next?: (error?: unknown) => void): Promise<void>;
	/**
	 * The plugins' buttons for a page, with the CSRF field in each form. Sets the cookie that belongs to the field, so
	 * that the page has to be sent by `res`, and afterwards.
	 */
	buttons(req: Req, res: Res, page: ButtonPage): Promise<readonly LoginButton[]>;
	/** Deletes the cookies of all plugins. Call it when a user logs out. */
	forgetCookies(req: Req, res: Res): Promise<void>;
	/**
	 * The origins that forms may lead to besides the portal. They belong into `form-action` of the Content Security Policy
	 * of each page with a button, because browsers apply it to the redirect after a POST as well.
	 */
	formTargets(): readonly string[];
}

/** Makes the handler for Express 5, Connect and `node:http`. For Fastify, Hono and Next see `toFetchHandler`. */
export function toNodeHandler<
	Req extends IncomingMessage = IncomingMessage,
	Res extends ServerResponse = ServerResponse,
>(options: RouteOptions<NodeAt<Req, Res>>): NodeHandler<Req, Res> {
	const { routes, guard } = handlerParts(options);
	const handler = async (req: Req, res: Res, next?: (error?: unknown) => void): Promise<void> => {
		const at = { req, res };
		try {
			const answer = await routes.answer(incomingOf(req), at);
			if (answer !== undefined) {
				send(res, answer);
				runAfter(options, at, answer.afterwards);
			} else if (next !== undefined) {
				next();
			} else {
				send(res, await routes.refuse("not-found", undefined, at));
			}
		} catch (error) {
			// A sender who went away before all of the request had arrived is no error, and reads no answer.
			if (error === req.errored) {
				return;
			}
			// Connect does not look at promises.
			if (next === undefined) {
				throw error;
			}
			next(error);
		}
	};
	const more = {
		formTargets: () => formTargets(options),
		buttons: async (req: Req, res: Res, page: ButtonPage) => {
			const shown = await loginButtons(options, guard, incomingOf(req), { req, res }, page);
			addCookies(res, shown.cookies);
			return shown.buttons;
		},
		forgetCookies: async (req: Req, res: Res) =>
			addCookies(res, await forgottenCookies(options, req.headers.cookie)),
	};
	return Object.assign(handler, more);
}

function incomingOf(req: IncomingMessage): Incoming {
	// Express takes the path that a router is mounted at off `url`.
	const { originalUrl = req.url } = req as { readonly originalUrl?: string };
	return {
		method: req.method ?? "",
		target: originalUrl ?? "",
		header: (name) => headerIn(req.headers, name),
		body: () => bodyOf(req),
	};
}

function bodyOf(req: IncomingMessage): AsyncIterable<Uint8Array> {
	if (!req.readableDidRead) {
		// A body that is too large is not read to its end. Without this, Node would take its socket away from the request.
		return req.iterator({ destroyOnReturn: false });
	}
	return bodyRead((req as { readonly body?: unknown }).body);
}

function send(res: ServerResponse, { status, headers, cookies, body }: Outgoing): void {
	res.statusCode = status;
	for (const [name, value] of Object.entries(headers)) {
		res.setHeader(name, value);
	}
	addCookies(res, cookies);
	res.end(body);
}

/** Keeps the cookies that the framework sets. */
function addCookies(res: ServerResponse, cookies: readonly string[]): void {
	if (cookies.length > 0) {
		res.appendHeader("set-cookie", cookies);
	}
}

function runAfter<At extends NodeAt<IncomingMessage, ServerResponse>>(
	options: RouteOptions<At>,
	at: At,
	work: Outgoing["afterwards"],
): void {
	if (work === undefined) {
		return;
	}
	if (options.runAfter !== undefined) {
		options.runAfter(at, work);
	} else {
		afterSent(at.res, work);
	}
}
