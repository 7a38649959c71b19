import type { HttpBindings } from "@hono/node-server";
import type { Context } from "hono";
import { isStorageError } from "../../../../contract/storage.ts";
import { exportUser } from "../../../add-ons/export-user.ts";
import type { DeedName } from "../../../audit/deeds.ts";
import type { Account } from "../../../people/stored-account.ts";
import { notice } from "../../layout.ts";
import type { AdminContext } from "../admin-pages.ts";
import { isConfirmed, questionPage } from "../asking-first.ts";
import { ROWS_PER_PAGE, withQuery } from "../list-pager.ts";
import { type OperatorApp, operatorOf } from "../operator-area.ts";
import { ADMIN_PATHS } from "../paths.ts";
import { streamedText } from "../streamed-text.ts";
import { doneSelected, type SelectedEnd, selectedSentences } from "./selected-words.ts";
import { suspensionQuestion } from "./user-questions.ts";
import type { UserParts } from "./user-routes.ts";
import { readFilter, type UsersFilter } from "./users-filter.ts";
import { listUsers, type UsersListParts } from "./users-list.ts";

const { users: USERS, approveSelected, suspendSelected, exportSelected } = ADMIN_PATHS;

export interface SelectedParts extends UserParts, UsersListParts {
	/** The network of the operator. */
	readonly networkOf: (c: Context) => string;
}

/**
 * What is done to the users who are selected on a page of the list: at most as many as the page shows. It is done to one user
 * after the other, each in a commit with an entry in the audit trail. Where a node dies in between, those who are done stay
 * done, and the same form goes on with the others.
 */
export function selectedRoutes(app: OperatorApp, parts: SelectedParts): void {
	const ofSelected =
		(answer: (c: AdminContext, users: readonly Account[]) => Promise<Response>) =>
		async (c: AdminContext) => {
			const users = await selectedIn(c, parts);
			return users.length === 0
				? listUsers(c, parts, notice(c.var.visit.locale.text("users.nobody-selected"), true), 400)
				: answer(c, users);
		};
	app.post(
		approveSelected,
		ofSelected((c, users) =>
			changeEach(c, parts, users, {
				...{ deed: "user.activate", end: "approved" },
				change: ({ id }) =>
					parts.accounts.setStatus(id, "active", (now) => now === "awaiting-approval"),
			}),
		),
	);
	app.post(
		suspendSelected,
		ofSelected(async (c, users) => {
			if (!isConfirmed(c)) {
				const [action, back] = [suspendSelected, USERS].map((path) => listPath(c, parts, path));
				const { csrf, locale } = c.var.visit;
				const question = suspensionQuestion(users, action ?? "", back ?? "", locale);
				return parts.show(c, question.title, questionPage(question, csrf, locale));
			}
			return changeEach(c, parts, users, {
				...{ deed: "user.suspend", end: "suspended" },
				change: ({ id }) => parts.accounts.setStatus(id, "suspended", (now) => now !== "suspended"),
			});
		}),
	);
	app.post(
		exportSelected,
		ofSelected((c, users) => sendFile(c, parts, users)),
	);
}

/** The users whose boxes are checked, without those who are gone. */
async function selectedIn(
	{ var: { visit } }: AdminContext,
	{ accounts }: Pick<SelectedParts, "accounts">,
): Promise<readonly Account[]> {
	const ids = new Set(visit.form.flatMap(([name, value]) => (name === "user" ? [value] : [])));
	const found: Account[] = [];
	for (const id of [...ids].slice(0, ROWS_PER_PAGE)) {
		const account = await accounts.find(id);
		found.push(...(account === undefined ? [] : [account]));
	}
	return found;
}

/** The page of the list that the users were selected on, or what is done there. */
function listPath(c: AdminContext, { brands }: SelectedParts, path: string): string {
	const filter: UsersFilter = readFilter((name) => c.req.query(name), brands);
	return withQuery(path, { ...filter, after: c.req.query("after") });
}

interface Change {
	readonly deed: DeedName;
	readonly end: SelectedEnd;
	/** @returns false where it is not the user's turn: they were changed before. */
	readonly change: (user: Account) => Promise<boolean>;
}

async function changeEach(
	c: AdminContext,
	parts: SelectedParts,
	users: readonly Account[],
	{ deed, end, change }: Change,
): Promise<Response> {
	let [changed, looked] = [0, 0];
	try {
		for (const user of users) {
			const isChanged = await audited(c, parts, deed, user, () => change(user));
			changed += isChanged ? 1 : 0;
			looked += 1;
		}
	} catch (error) {
		if (!isStorageError(error) || looked === 0) {
			throw error;
		}
		parts.logError("what was done to selected users stopped in the middle", error);
		const left = users.length - looked;
		const { locale } = c.var.visit;
		const counts = { end, changed, unchanged: looked - changed, left };
		const sentences = selectedSentences(counts, locale);
		return parts.show(c, locale.text("users.title"), notice(sentences, true), 503);
	}
	const next = listPath(c, parts, USERS);
	const done = doneSelected({ end, changed, unchanged: looked - changed, left: 0 });
	return c.redirect(`${next}${next.includes("?") ? "&" : "?"}${done}`, 303);
}

function audited<Result>(
	c: AdminContext,
	{ audit, networkOf }: SelectedParts,
	name: DeedName,
	{ id }: Account,
	work: () => Promise<Result>,
): Promise<Result> {
	const actor = { kind: "operator", id: operatorOf(c) } as const;
	return audit.trail.during(
		{ name, actor, object: { kind: "user", id }, network: networkOf(c) },
		work,
	);
}

/** A file with what is kept about each user. It breaks off where it cannot go on. */
async function sendFile(
	c: AdminContext,
	parts: SelectedParts,
	users: readonly Account[],
): Promise<Response> {
	const body = await streamedText(fileOf(c, parts, users), () =>
		(c.env as HttpBindings).outgoing.destroy(),
	);
	return c.body(body, 200, {
		"content-type": "application/json; charset=utf-8",
		"content-disposition": 'attachment; filename="users.json"',
		"cache-control": "no-store",
	});
}

async function* fileOf(
	c: AdminContext,
	parts: SelectedParts,
	users: readonly Account[],
): AsyncGenerator<string> {
	let before = '{"users":[\n';
	for (const user of users) {
		const exported = await audited(c, parts, "user.export", user, () => exportUser(parts, user.id));
		if (exported !== undefined) {
			yield `${before}${JSON.stringify(exported)}`;
			before = ",\n";
		}
	}
	yield `${before.startsWith("{") ? before : "\n"}]}\n`;
}
