import { formsIn } from "../../../src/testing/forms-in.ts";
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

/** Presses a button on the page of a user. */
export async function actOnUser(
	operator: HttpVisitor,
	origin: string,
	id: string,
	action: "active" | "suspended" | "delete",
): Promise<Seen> {
	await operator.open(`${origin}${USERS}/${id}`);
	return operator.submit(`${USERS}/${id}/${action}`);
}

/** Asks to merge a user, as the form does that follows the search. @param into an address or an id. */
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
	return operator.post(`${origin}${USERS}/${id}/merge`, [
		["_csrf", csrf],
		["into", into],
	]);
}
