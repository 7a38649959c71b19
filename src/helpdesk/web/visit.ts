import type { Context, MiddlewareHandler } from "hono";
import { getCookie, setCookie } from "hono/cookie";
import type { FormField } from "../../contract/login-request.ts";
import { cookieTraits } from "../../routes/plugin-cookies.ts";
import type { AddOn } from "../add-ons/add-on.ts";
import type { HandOffHelpdesk } from "../hand-off/hand-off-helpdesk.ts";
import type { Locale } from "../locale/locale.ts";
import type { WaitingRequest } from "../openid/waiting-request.ts";
import { pastedText } from "../pasted-text.ts";
import { deviceNames } from "../people/device-name.ts";
import type { KnownDevices } from "../people/known-devices.ts";
import type { Role } from "../people/operator-roles.ts";
import { isSessionToken, type Sessions } from "../people/sessions.ts";
import type { Device, Session } from "../people/stored-session.ts";
import type { Refusal } from "./bare-pages.ts";
import { type FormRefusal, formRefusal } from "./form-refusal.ts";
import { readerLocale } from "./reader-locale.ts";
import { isByItself } from "./reloading.ts";
import { type FileReading, readForm, type SentForm } from "./sent-form.ts";
import type { StreamedForm } from "./streamed-form.ts";

/** A request as pages see it. */
export interface Visit {
	readonly token: string;
	/** The user of the portal or the operator of the administration; undefined when nobody is logged in. */
	readonly subjectId: string | undefined;
	/** The id of their session; undefined when nobody is logged in. */
	readonly sessionId: string | undefined;
	/** When they last proved who they are, in milliseconds since the epoch; 0 when nobody is logged in. */
	readonly provenAt: number;
	/** The session that the request came with, even if somebody else is logged in by now; undefined for none. */
	readonly session: Session | undefined;
	/** That of their session; `over` when nobody is logged in. */
	readonly standing: Standing;
	readonly locale: Locale;
	readonly csrf: string;
	/** The fields of a POST with a valid CSRF proof; empty for other requests. */
	readonly form: readonly FormField[];
	/** The files of such a POST by field, where the page reads files as a whole. */
	readonly files: ReadonlyMap<string, File>;
	/** The rest of such a POST, where the page reads a file while it arrives. */
	readonly arriving?: StreamedForm | undefined;
}

export interface VisitEnv {
	Variables: {
		visit: Visit;
		/** The request of a connected helpdesk that the visit is about; undefined for an ordinary visit. */
		waiting: WaitingRequest | undefined;
		/** The helpdesk that takes a signed token and that the visit is about; undefined for an ordinary visit. */
		handOff: HandOffHelpdesk | undefined;
		/** The origins of helpdesks that take a signed token and that forms of the visit may lead to. */
		leadsTo: readonly string[] | undefined;
		/** Who uses a guarded page of the administration; undefined elsewhere. */
		operator: { readonly email: string; readonly role: Role } | undefined;
		/** The page for an address that does not exist, where a part of the site has one of its own. */
		notFoundPage?: () => Promise<Response>;
		/** The page for a request that failed, where a part of the site has one of its own. */
		failurePage?: (refusal: Refusal) => Response | Promise<Response>;
		/** Whether the audit trail has a note about what was refused. */
		isNoted?: boolean;
		/** The add-on in the path, on the administrator's pages about one plugin. */
		addOn: AddOn;
	};
}

/**
 * `over`: the session has ended. `incomplete`: the account lacks details that the brand asks for. `password-known`: somebody
 * else knows the password, and should not. `password-due`: the same, and nothing else can be done until it is changed.
 */
export type Standing = "good" | "incomplete" | "password-known" | "password-due" | "over";

/** A part of a brand with its own sessions and cookies. Their names differ because cookies ignore ports. */
export interface Place {
	readonly role: "portal" | "admin";
	readonly brandId: string;
	readonly baseUrl: string;
	readonly locale: string;
	readonly sessions: Sessions;
	readonly devices: KnownDevices;
	/** The network that a request comes from, see `shownNetwork`. */
	readonly networkOf: (c: Context) => string | null;
	/** Called before a session is closed because its user logs out or somebody else logs in. */
	readonly onEnd: (sessionId: string) => Promise<void>;
	/** Whether a session is still good, by its account. */
	readonly standingOf: (session: Session) => Promise<Standing>;
}

/**
 * Recognises the browser or gives it a token, reads the form, and refuses a form without a valid CSRF proof.
 *
 * @param filesAt how the page at a path reads files. Without them no page reads `multipart/form-data`.
 */
export function visits(
	place: Place,
	refuse: (c: Context, refusal: FormRefusal, locale: Locale) => Response | Promise<Response>,
	filesAt: (path: string) => FileReading = () => "none",
): MiddlewareHandler<VisitEnv> {
	const { sessions } = place;
	return async (c, next) => {
		const cookie = tokenOf(c, place);
		const known = cookie !== undefined;
		const token = cookie ?? sessions.newToken();
		const locale = readerLocale(c, place);
		if (!known) {
			setSessionCookie(c, place, token);
		}
		let sent: SentForm = { form: [], files: new Map() };
		if (c.req.method === "POST") {
			const read = await readForm(c, filesAt(c.req.path));
			if (typeof read === "string") {
				return refuse(c, read, locale);
			}
			sent = read;
			const proof = field(sent.form, "_csrf") ?? "";
			const refusal = formRefusal(c, place, () => sessions.isCsrfOf(token, proof));
			if (refusal !== undefined) {
				sent.arriving?.stop();
				return refuse(c, refusal, locale);
			}
		}
		const found = await sessionOf(c, place);
		const isUse = found !== undefined && !isByItself(c);
		const session = isUse ? await sessions.noteUse(token, found, () => deviceOf(c, place)) : found;
		const standing = found?.standing ?? "over";
		setVisit(c, place, { token, locale, session, standing, ...sent }, session);
		try {
			await next();
		} finally {
			sent.arriving?.stop();
		}
		return undefined;
	};
}

/** @param who undefined: nobody is logged in. */
export function setVisit(
	c: Context<VisitEnv>,
	{ sessions }: Place,
	{
		token,
		session,
		standing,
		locale,
		form,
		files,
		arriving,
	}: Omit<Visit, "subjectId" | "sessionId" | "provenAt" | "csrf">,
	who: Pick<Session, "id" | "subjectId" | "provenAt"> | undefined,
): void {
	let csrf: string | undefined;
	c.set("visit", {
		token,
		subjectId: who?.subjectId,
		sessionId: who?.id,
		provenAt: who?.provenAt ?? 0,
		session,
		standing: who === undefined ? "over" : standing,
		locale,
		get csrf() {
			// Computed on demand and once: many answers have no form, and some have several.
			csrf ??= sessions.csrfOf(token);
			return csrf;
		},
		form,
		files,
		arriving,
	});
}

/** The session of a request, found without reading the body; undefined when nobody is logged in. */
export async function sessionOf(
	c: Context,
	place: Place,
): Promise<(Session & { readonly standing: Standing }) | undefined> {
	const token = tokenOf(c, place);
	const found = token === undefined ? undefined : await place.sessions.find(token);
	const standing = found === undefined ? "over" : await place.standingOf(found);
	return found && standing !== "over" ? { ...found, standing } : undefined;
}

export function deviceOf(c: Context, place: Place): Device {
	return { ...deviceNames(c.req.header("user-agent")), network: place.networkOf(c) };
}

/** The device cookie of this browser; undefined for none. */
export function deviceCookieOf(c: Context, place: Place): string | undefined {
	return getCookie(c, deviceCookie(place));
}

/** The value of a field; undefined unless there is exactly one. */
export function field(form: readonly FormField[], name: string): string | undefined {
	const values = form.filter(([each]) => each === name);
	return values.length === 1 ? values[0]?.[1] : undefined;
}

/** The typed address, in the form in which it is counted and looked up. */
export function typedAddress(form: readonly FormField[]): string {
	return pastedText(field(form, "email") ?? "").slice(0, 254);
}

export function sessionCookie(place: Place): string {
	return `${cookieTraits(place).prefix}${place.role}-${place.brandId}`;
}

export function deviceCookie(place: Place): string {
	return `${sessionCookie(place)}-device`;
}

function tokenOf(c: Context, place: Place): string | undefined {
	const cookie = getCookie(c, sessionCookie(place));
	return isSessionToken(cookie) ? cookie : undefined;
}

export function setSessionCookie(c: Context, place: Place, token: string): void {
	setCookie(c, sessionCookie(place), token, cookieTraits(place).options);
}
