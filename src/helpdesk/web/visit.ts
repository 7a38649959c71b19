import type { Context, MiddlewareHandler } from "hono";
import { getCookie, setCookie } from "hono/cookie";
import type { FormField } from "../../contract/login-request.ts";
import type { AddOn } from "../add-ons/add-on.ts";
import { type PortalLocale, portalLocale } from "../locale/portal-locale.ts";
import type { Account } from "../people/accounts.ts";
import { KNOWN_FOR_SECONDS, type KnownDevices } from "../people/known-devices.ts";
import { isSessionToken, type Session, type Sessions } from "../people/sessions.ts";

/** What is known of a request before it reaches a page. */
interface Visit {
	readonly token: string;
	/** The user of the portal or the operator of the admin area; undefined when nobody is signed in. */
	readonly subjectId: string | undefined;
	/** When they last proved who they are; 0 when nobody is signed in. */
	readonly provenAt: number;
	/** Of a user who still owes what the brand wants to know. */
	readonly isIncomplete: boolean;
	readonly locale: PortalLocale;
	readonly csrf: string;
	/** Empty unless the request is a POST whose CSRF proof was right. */
	readonly form: readonly FormField[];
	/** By field, where the page takes files. */
	readonly files: ReadonlyMap<string, File>;
}

export interface VisitEnv {
	Variables: {
		visit: Visit;
		/** Of the administrator's pages about one plugin: the one in their path. */
		addOn: AddOn;
	};
}

/** `over`: the session is good no more; `incomplete`: what the brand wants to know of its user is missing. */
export type Standing = "good" | "incomplete" | "over";

/** One of the places of a brand with sessions of its own: cookies of different ports share one jar. */
export interface Place {
	readonly role: "portal" | "admin";
	readonly brandId: string;
	readonly baseUrl: string;
	readonly locale: string;
	readonly sessions: Sessions;
	readonly devices: KnownDevices;
	/** What the account of a session says about it. */
	readonly standingOf: (session: Session) => Promise<Standing>;
}

/** Cookies are Secure and bound to their host except where a brand lives on plain http on loopback. */
export function cookieTraits({ baseUrl }: { readonly baseUrl: string }): {
	readonly prefix: "__Host-" | "";
	readonly options: { httpOnly: true; sameSite: "Lax"; path: "/"; secure: boolean };
} {
	const secure = baseUrl.startsWith("https:");
	const options = { httpOnly: true, sameSite: "Lax", path: "/", secure } as const;
	return { prefix: secure ? "__Host-" : "", options };
}

/**
 * Knows the browser again, or gives it a token; reads a form and refuses one without CSRF proof.
 *
 * @param takesFiles whether the page at a path reads `multipart/form-data` besides.
 */
export function visits(
	place: Place,
	refuse: (
		c: Context,
		refusal: "form" | "type",
		locale: PortalLocale,
	) => Response | Promise<Response>,
	takesFiles: (path: string) => boolean = () => false,
): MiddlewareHandler<VisitEnv> {
	const { sessions } = place;
	return async (c, next) => {
		const cookie = tokenOf(c, place);
		const known = cookie !== undefined;
		const token = cookie ?? sessions.newToken();
		const locale = portalLocale(c.req.header("accept-language"), place.locale);
		if (!known) {
			setSessionCookie(c, place, token);
		}
		let sent: SentForm = { form: [], files: new Map() };
		if (c.req.method === "POST") {
			const read = await readForm(c, takesFiles(c.req.path));
			if (read === undefined) {
				return refuse(c, "type", locale);
			}
			sent = read;
			if (isForeign(c, place) || !sessions.isCsrfOf(token, field(sent.form, "_csrf") ?? "")) {
				return refuse(c, "form", locale);
			}
		}
		const session = await sessionOf(c, place);
		let csrf: string | undefined;
		c.set("visit", {
			token,
			subjectId: session?.subjectId,
			provenAt: session?.provenAt ?? 0,
			isIncomplete: session?.standing === "incomplete",
			locale,
			get csrf() {
				// Many answers have no form, and others several.
				csrf ??= sessions.csrfOf(token);
				return csrf;
			},
			...sent,
		});
		return next();
	};
}

/** The session that a request belongs to, before anything else of it is read; undefined when nobody is signed in. */
export async function sessionOf(
	c: Context,
	place: Place,
): Promise<(Session & { readonly standing: Standing }) | undefined> {
	const token = tokenOf(c, place);
	const found = token === undefined ? undefined : await place.sessions.find(token);
	const standing = found === undefined ? "over" : await place.standingOf(found);
	return found && standing !== "over" ? { ...found, standing } : undefined;
}

type SentForm = Pick<Visit, "form" | "files">;

/** @returns undefined for what is no form. */
async function readForm(c: Context, takesFiles: boolean): Promise<SentForm | undefined> {
	const type = c.req.header("content-type")?.toLowerCase() ?? "";
	if (type.startsWith("application/x-www-form-urlencoded")) {
		return { form: [...new URLSearchParams(await c.req.text())], files: new Map() };
	}
	if (!takesFiles || !type.startsWith("multipart/form-data")) {
		return undefined;
	}
	let data: FormData;
	try {
		data = await c.req.raw.formData();
	} catch {
		return undefined;
	}
	const form: FormField[] = [];
	const files = new Map<string, File>();
	for (const [name, value] of data) {
		if (typeof value === "string") {
			form.push([name, value]);
		} else {
			files.set(name, value);
		}
	}
	return { form, files };
}

/** Signs somebody in under a new session id, in a browser that is known from now on. */
export async function signIn(
	c: Context<VisitEnv>,
	place: Place,
	{ id, email, sessionEpoch }: Pick<Account, "id" | "email" | "sessionEpoch">,
): Promise<void> {
	setSessionCookie(c, place, await place.sessions.open(c.var.visit.token, id, sessionEpoch));
	knowDevice(c, place, { email, sessionEpoch });
}

/** Strangers' guesses at the account of this address keep nobody out of this browser. Without one there is no password to guess. */
export function knowDevice(
	c: Context,
	place: Place,
	{ email, sessionEpoch }: Pick<Account, "email" | "sessionEpoch">,
): void {
	if (email === null) {
		return;
	}
	const { options } = cookieTraits(place);
	const cookie = place.devices.cookieFor({ email, sessionEpoch });
	setCookie(c, deviceCookie(place), cookie, { ...options, maxAge: KNOWN_FOR_SECONDS });
}

/** The device cookie of this browser; undefined for none. */
export function deviceCookieOf(c: Context, place: Place): string | undefined {
	return getCookie(c, deviceCookie(place));
}

export async function signOut(c: Context<VisitEnv>, place: Place): Promise<void> {
	await place.sessions.close(c.var.visit.token);
	setSessionCookie(c, place, place.sessions.newToken());
}

/** The value of a field that is there exactly once. */
export function field(form: readonly FormField[], name: string): string | undefined {
	const values = form.filter(([each]) => each === name);
	return values.length === 1 ? values[0]?.[1] : undefined;
}

/** What somebody typed as their address: the same wherever it is counted and looked for. */
export function typedAddress(form: readonly FormField[]): string {
	return field(form, "email")?.trim().slice(0, 254) ?? "";
}

function sessionCookie(place: Place): string {
	return `${cookieTraits(place).prefix}${place.role}-${place.brandId}`;
}

function deviceCookie(place: Place): string {
	return `${sessionCookie(place)}-device`;
}

function tokenOf(c: Context, place: Place): string | undefined {
	const cookie = getCookie(c, sessionCookie(place));
	return isSessionToken(cookie) ? cookie : undefined;
}

function setSessionCookie(c: Context, place: Place, token: string): void {
	setCookie(c, sessionCookie(place), token, cookieTraits(place).options);
}

/** What a browser says of where a form came from; the CSRF proof is checked besides. */
function isForeign(c: Context, { baseUrl }: Place): boolean {
	const site = c.req.header("sec-fetch-site");
	const origin = c.req.header("origin");
	// Pages without referrer post with the origin "null".
	const foreignOrigin = origin !== undefined && origin !== "null" && origin !== baseUrl;
	return foreignOrigin || site === "cross-site" || site === "same-site";
}
