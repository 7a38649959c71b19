import { expect } from "vitest";
import { formsIn } from "../../../src/testing/forms-in.ts";
import { eventually } from "../eventually.ts";
import { untilDone } from "../jobs/until-done.ts";
import type { HttpVisitor, Seen } from "./http-visitor.ts";

const USERS = "/admin/users";

/** The ids of the users that the last page lists. */
export function listedIds({ seen }: HttpVisitor): string[] {
	return [...seen.html.matchAll(/users\/([\w-]+)\/export/g)].map(([, id]) => id ?? "");
}

/** The id of the user whom the list shows with this text, an address or a name. */
export async function userIdOf(
	operator: HttpVisitor,
	origin: string,
	shown: string,
): Promise<string> {
	const { html } = await operator.open(`${origin}${USERS}`);
	const rows = html.split("<tr>").filter((each) => each.includes(`>${shown}<`));
	const [id] = rows.flatMap((row) => /users\/([\w-]+)\/export/.exec(row)?.[1] ?? []);
	if (id === undefined) {
		throw new Error(`no user is listed as ${shown}: ${html}`);
	}
	return id;
}

/** Opens the page of the user whom the list shows with this text. @returns the user's id. */
export async function openUserPage(
	operator: HttpVisitor,
	origin: string,
	shown: string,
): Promise<string> {
	const id = await userIdOf(operator, origin, shown);
	await operator.open(`${origin}${USERS}/${id}`);
	return id;
}

/**
 * Presses a button on the page of a user. A deletion that takes longer than its request is waited for.
 *
 * @returns the page that says what is done.
 */
export async function actOnUser(
	operator: HttpVisitor,
	origin: string,
	id: string,
	action: "active" | "suspended" | "log-out" | "delete",
): Promise<Seen> {
	const asks = action === "delete" || action === "log-out";
	await operator.open(`${origin}${USERS}/${id}`);
	if (asks) {
		await operator.open(`${origin}${USERS}/${id}/${action}`);
	}
	const seen = await operator.submit(`${USERS}/${id}/${action}`);
	const ended = await untilDone(operator, seen);
	return ended === seen ? seen : operator.open(`${origin}${USERS}?done=deleted`);
}

/** Presses Delete on the page of a user whom an add-on does not let go. @returns the page of the job that failed. */
export async function failToDelete(
	operator: HttpVisitor,
	origin: string,
	id: string,
): Promise<Seen> {
	await operator.open(`${origin}${USERS}/${id}/delete`);
	const { url } = await operator.submit(`${USERS}/${id}/delete`);
	return eventually(async () => {
		const page = await operator.open(url);
		expect(page.html).toContain('data-state="failed"');
		return page;
	});
}

/**
 * Asks to merge a user, as the form does that follows the search. A merge that takes longer than its request is waited for.
 *
 * @param into an address or an id.
 * @returns the page of the user that stays, or the one that says why nobody was merged.
 */
export async function mergeUsers(
	operator: HttpVisitor,
	origin: string,
	id: string,
	into: string,
): Promise<Seen> {
	const { html } = await operator.open(`${origin}${USERS}/${id}`);
	const [form] = formsIn(html);
	const csrf = /name="_csrf" value="([^"]+)"/.exec(html)?.[1] ?? "";
	if (form === undefined) {
		throw new Error(`there is no page of the user ${id}: ${html}`);
	}
	const seen = await operator.post(`${origin}${USERS}/${id}/merge`, [
		["_csrf", csrf],
		["into", into],
	]);
	const ended = await untilDone(operator, seen);
	const [, stays = ""] = /into user ([\w-]+)/.exec(ended.html) ?? [];
	return ended === seen ? seen : operator.open(`${origin}${USERS}/${stays}?done=merged`);
}
