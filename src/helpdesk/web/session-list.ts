import { html } from "hono/html";
import type { Locale } from "../locale/locale.ts";
import { MOST_LISTED } from "../people/sessions.ts";
import type { Device, Session } from "../people/stored-session.ts";
import { csrfField, type Markup } from "./layout.ts";

/** The sessions of a person, as that person sees them. */
export interface SessionList {
	/** The newest first. */
	readonly sessions: readonly Session[];
	/** The id of the session of the browser that asks. */
	readonly ownId: string | undefined;
	readonly locale: Locale;
	readonly csrf: string;
	/** Where the form that ends one leads. */
	readonly endAt: string;
	/** Where the form that ends all others leads. */
	readonly endOthersAt: string;
	/** What that form ends besides. Left out: nothing. */
	readonly endOthersHelp?: string | undefined;
	readonly shownTime: (at: number) => Markup | string;
	/** Whether it is noted when sessions are used. */
	readonly showsUse: boolean;
}

/** The field with the id of the session that ends. */
export const SESSION_FIELD = "session";

/** A list with a way to end each session, and all but this browser's. */
export function sessionList(view: SessionList): Markup {
	const { sessions, ownId, locale, csrf, endOthersAt, endOthersHelp } = view;
	const { text } = locale;
	const newest =
		sessions.length < MOST_LISTED
			? ""
			: html`<p class="help">${text("sessions.newest", { count: MOST_LISTED })}</p>`;
	const more = endOthersHelp === undefined ? "" : html`<p class="help">${endOthersHelp}</p>`;
	const hasOthers = sessions.some(({ id }) => id !== ownId);
	return html`<ul class="plain">${sessions.map((each) => sessionItem(each, view))}</ul>${newest}
<p class="help">${text("sessions.unknown-help")}</p>
${hasOthers ? html`${more}<form method="post" action="${endOthersAt}">${csrfField(csrf)}<button class="secondary" type="submit">${text("sessions.end-others")}</button></form>` : ""}`;
}

function sessionItem(session: Session, view: SessionList): Markup {
	const { ownId, csrf, endAt, shownTime, showsUse } = view;
	const { text, markup } = view.locale;
	const { id, openedAt, seenAt, device } = session;
	const name = deviceText(device, view.locale);
	const time = (at: number): Markup =>
		html`<time datetime="${new Date(at).toISOString()}">${shownTime(at)}</time>`;
	const isOwn = id === ownId;
	const own = isOwn ? html` <span class="soft nowrap">(${text("sessions.this")})</span>` : "";
	const network =
		device.network === null
			? ""
			: html`${text("sessions.network", { network: device.network })}<br>`;
	const use = showsUse ? html`<br>${markup("sessions.seen", { time: time(seenAt) })}` : "";
	return html`<li class="linked"><span><strong>${name}</strong>${own}<br><span class="soft">${network}${markup("sessions.since", { time: time(openedAt) })}${use}</span></span>
<form method="post" action="${endAt}">${csrfField(csrf)}<input type="hidden" name="${SESSION_FIELD}" value="${id}"><button class="secondary" type="submit" aria-label="${text("sessions.end")}: ${name}">${text("sessions.end")}</button></form></li>`;
}

/** A device in words. What a program says of itself is text like any other. */
export function deviceText(
	{ browser, system }: Pick<Device, "browser" | "system">,
	{ text }: Locale,
): string {
	const name = browser ?? text("sessions.unknown-browser");
	return system === null ? name : text("sessions.device", { browser: name, system });
}
