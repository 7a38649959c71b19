import type { Context, Hono } from "hono";
import { html } from "hono/html";
import type { Brand } from "../../../../contract/brands.ts";
import { canonicalEmail } from "../../../../contract/email-address.ts";
import type { StorageValue } from "../../../../contract/storage.ts";
import type { AddOns } from "../../../add-ons/add-ons.ts";
import type { KeptLetter, Outbox } from "../../../mail/outbox.ts";
import type { Account, Accounts } from "../../../people/accounts.ts";
import type { Registration, RegistrationPolicy } from "../../../people/registration.ts";
import { csrfField, type Markup } from "../../layout.ts";
import { field, type VisitEnv } from "../../visit.ts";
import { notice, type ShowPage } from "../admin-pages.ts";
import { ADMIN_PATHS } from "../paths.ts";
import { moment } from "../sign-ins/sign-ins-page.ts";

const { users: USERS, registration: REGISTRATION, mailbox: MAILBOX } = ADMIN_PATHS;

export interface AdminUserParts {
	readonly brands: readonly Brand[];
	readonly accounts: Accounts;
	readonly registration: Registration;
	readonly addOns: AddOns;
	readonly outbox: Outbox;
	readonly show: ShowPage;
}

type AdminContext = Context<VisitEnv>;

const DONE: ReadonlyMap<string, string> = new Map([
	["added", "The account is there, as if its owner had written a ticket."],
	["suspended", "The user is suspended and logged out everywhere."],
	["active", "The user may log in."],
	["deleted", "The user is deleted, and whatever was linked to them."],
	["merged", "The two users are one now; what was linked to the first opens the second."],
	["saved", "The registration is set."],
]);

/** The lives of users: approved, suspended, merged, exported, deleted. */
export function adminUserRoutes(app: Hono<VisitEnv>, parts: AdminUserParts): void {
	const { brands, accounts, registration, addOns, outbox, show } = parts;
	const done = (c: AdminContext): Markup => {
		const sentence = DONE.get(c.req.query("done") ?? "");
		return sentence === undefined ? html`` : notice(sentence);
	};
	const listUsers = async (c: AdminContext, message: Markup, status = 200) => {
		const all = (await accounts.all()).sort((a, b) => calledBy(a).localeCompare(calledBy(b)));
		const found = await addOns.all();
		const handles = new Map(
			await Promise.all(
				all.map(async ({ id }) => {
					const linked = await Promise.all(
						found.map(async ({ plugin, loaded }) =>
							(await plugin.linkedAccounts(id)).map(
								({ label }) => `${loaded.manifest.name} ${label}`,
							),
						),
					);
					return [id, linked.flat()] as const;
				}),
			),
		);
		return show(c, "Users", usersPage(brands, all, handles, c.var.visit.csrf, message), status);
	};

	const forgetLetters = async ({ brandId, email }: Account): Promise<void> => {
		if (email !== null) {
			await outbox.forget(brandId, email);
		}
	};

	app.get(USERS, async (c) => listUsers(c, done(c)));
	app.post(`${USERS}/add`, async (c) => {
		const { form } = c.var.visit;
		const brand = brands.find(({ id }) => id === field(form, "brand"));
		const email = canonicalEmail(field(form, "email") ?? "");
		if (brand === undefined || email === undefined) {
			return listUsers(c, notice("Choose a brand and enter an e-mail address.", true), 400);
		}
		const name = email.split("@")[0] ?? email;
		const { locale } = brand;
		const added = await accounts.addFromTicket({ brandId: brand.id, name, email, locale });
		return added === undefined
			? listUsers(c, notice(`${email} belongs to somebody already.`, true), 409)
			: c.redirect(`${USERS}?done=added`, 303);
	});

	// Each of the others is about one user.
	const userOf = async (c: AdminContext): Promise<Account | undefined> =>
		accounts.find(c.req.param("id") ?? "");
	for (const status of ["active", "suspended"] as const) {
		app.post(`${USERS}/:id/${status}`, async (c) => {
			const user = await userOf(c);
			if (user === undefined) {
				return c.notFound();
			}
			await accounts.setStatus(user.id, status);
			return c.redirect(`${USERS}?done=${status}`, 303);
		});
	}
	app.post(`${USERS}/:id/delete`, async (c) => {
		const user = await userOf(c);
		if (user === undefined) {
			return c.notFound();
		}
		const all = await addOns.every();
		const forget = async (): Promise<void> => {
			for (const { plugin } of all) {
				await plugin.userDeleted(user.id);
			}
		};
		await forget();
		await accounts.delete(user.id);
		// A log-in in between may have linked anew to a user who was still there.
		await forget();
		for (const { ledger } of all) {
			await ledger.forget(user.id);
		}
		await forgetLetters(user);
		return c.redirect(`${USERS}?done=deleted`, 303);
	});
	app.post(`${USERS}/:id/merge`, async (c) => {
		const user = await userOf(c);
		const into = await accounts.find(field(c.var.visit.form, "into") ?? "");
		if (user === undefined) {
			return c.notFound();
		}
		if (into === undefined || into.id === user.id || into.brandId !== user.brandId) {
			return listUsers(
				c,
				notice("Choose another user of the same brand to merge into.", true),
				400,
			);
		}
		const all = await addOns.every();
		const merge = async (): Promise<void> => {
			for (const { plugin } of all) {
				await plugin.usersMerged(user.id, into.id);
			}
		};
		await merge();
		await accounts.delete(user.id);
		await merge();
		for (const { ledger } of all) {
			await ledger.move(user.id, into.id);
		}
		await forgetLetters(user);
		return c.redirect(`${USERS}?done=merged`, 303);
	});
	app.get(`${USERS}/:id/export`, async (c) => {
		const user = await userOf(c);
		if (user === undefined) {
			return c.notFound();
		}
		const { id, brandId, name, email, locale, status, confirmed } = user;
		const plugins: Record<string, StorageValue> = {};
		for (const { plugin, loaded } of await addOns.every()) {
			plugins[loaded.manifest.id] = await plugin.exportUserData(id);
		}
		const data = { id, brandId, name, email, locale, status, confirmed, plugins };
		return c.body(`${JSON.stringify(data, null, "\t")}\n`, 200, {
			"content-type": "application/json; charset=utf-8",
			"content-disposition": `attachment; filename="user-${id}.json"`,
			"cache-control": "no-store",
		});
	});

	app.get(REGISTRATION, async (c) => {
		const policies = await Promise.all(brands.map(({ id }) => registration.of(id)));
		const page = registrationPage(brands, policies, c.var.visit.csrf, done(c));
		return show(c, "Registration", page);
	});
	app.post(REGISTRATION, async (c) => {
		const { form } = c.var.visit;
		for (const { id } of brands) {
			const asked = field(form, `${id}-registration`);
			const policy = (["open", "approval", "closed"] as const).find((each) => each === asked);
			if (policy !== undefined) {
				const phoneRequired = field(form, `${id}-phone`) === "on";
				await registration.set(id, { registration: policy, phoneRequired });
			}
		}
		return c.redirect(`${REGISTRATION}?done=saved`, 303);
	});

	app.get(MAILBOX, async (c) => show(c, "Mailbox", mailboxPage(await outbox.kept())));
}

function usersPage(
	brands: readonly Brand[],
	users: readonly Account[],
	handles: ReadonlyMap<string, readonly string[]>,
	csrf: string,
	message: Markup,
): Markup {
	const rows = users.map((user) => userRow(user, users, handles.get(user.id) ?? [], csrf, brands));
	const table =
		rows.length === 0
			? html`<p>Nobody has registered yet.</p>`
			: html`<table><thead><tr><th scope="col">User</th><th scope="col">State</th><th scope="col">Actions</th></tr></thead><tbody>${rows}</tbody></table>`;
	const options = brands.map(({ id, name }) => html`<option value="${id}">${name}</option>`);
	return html`<h1>Users</h1>${message}${table}
<h2>Somebody wrote a ticket by e-mail</h2><div class="card"><p class="help">Makes the account that a helpdesk makes then: without a password, claimed by nobody.</p>
<form method="post" action="${USERS}/add">${csrfField(csrf)}<label for="brand">Brand</label><select id="brand" name="brand">${options}</select>
<label for="email">E-mail address</label><input id="email" name="email" type="email" required><button type="submit">Add</button></form></div>`;
}

function userRow(
	user: Account,
	users: readonly Account[],
	handles: readonly string[],
	csrf: string,
	brands: readonly Brand[],
): Markup {
	const brand = brands.find(({ id }) => id === user.brandId)?.name ?? user.brandId;
	const others = users.filter(({ id, brandId }) => id !== user.id && brandId === user.brandId);
	const name = calledBy(user);
	const form = (action: string, label: string): Markup =>
		html`<form method="post" action="${USERS}/${user.id}/${action}">${csrfField(csrf)}<button class="link" type="submit" aria-label="${label} ${name}">${label}</button></form>`;
	const toggle =
		user.status === "awaiting-approval"
			? form("active", "Approve")
			: user.status === "suspended"
				? form("active", "Reinstate")
				: form("suspended", "Suspend");
	const merge =
		others.length === 0
			? ""
			: html`<details><summary>Merge</summary><p class="help">${name} is deleted; what is linked to it opens the other one.</p><form method="post" action="${USERS}/${user.id}/merge">${csrfField(csrf)}<label for="into-${user.id}">Into</label><select id="into-${user.id}" name="into">${others.map((other) => html`<option value="${other.id}">${calledBy(other)}</option>`)}</select><button class="secondary" type="submit">Merge ${name}</button></form></details>`;
	const removal = html`<details><summary>Delete</summary><p class="help">What ${name} has at ${brand}, and whatever is linked to it, is gone for good.</p><form method="post" action="${USERS}/${user.id}/delete">${csrfField(csrf)}<button class="secondary" type="submit">Delete ${name} at ${brand}</button></form></details>`;
	const ways = [user.hasPassword ? "password" : "", ...handles];
	const state = user.unclaimed ? "unclaimed" : user.confirmed ? "confirmed" : "not confirmed";
	return html`<tr><td><strong>${user.name}</strong><br>${user.email ?? html`<span class="soft">no e-mail address</span>`}<br><span class="soft">${brand}</span></td>
<td>${user.status}, ${state}<br><span class="soft">${ways.filter((way) => way !== "").join(", ") || "no way in"}</span></td>
<td><div class="row-actions">${toggle}<a href="${USERS}/${user.id}/export" aria-label="Export ${name}">Export</a>${merge}${removal}</div></td></tr>`;
}

/** What tells a user from the others of a list. */
function calledBy({ email, name }: Account): string {
	return email ?? name;
}

function registrationPage(
	brands: readonly Brand[],
	policies: readonly RegistrationPolicy[],
	csrf: string,
	message: Markup,
): Markup {
	const sets = brands.map(({ id, name }, index) => {
		const policy = policies[index];
		const options = [
			["open", "Anybody may register"],
			["approval", "An operator approves each account"],
			["closed", "Nobody may register"],
		].map(
			([value = "", label = ""]) =>
				html`<option value="${value}"${policy?.registration === value ? html` selected` : ""}>${label}</option>`,
		);
		return html`<fieldset><legend>${name}</legend><label for="${id}-registration">New accounts at ${name}</label><select id="${id}-registration" name="${id}-registration">${options}</select>
<label class="toggle"><input type="checkbox" name="${id}-phone"${policy?.phoneRequired ? html` checked` : ""}>A telephone number is needed</label></fieldset>`;
	});
	return html`<p class="breadcrumb">Settings › Users</p><h1>Registration</h1>${message}<div class="card"><form method="post" action="${REGISTRATION}">${csrfField(csrf)}${sets}<div class="actions"><button type="submit">Save</button></div></form></div>`;
}

/** Letters that wait for the mail server show no text: it may hold a code, and is on its way. */
function mailboxPage(letters: readonly KeptLetter[]): Markup {
	const items = letters.map(
		({ to, subject, text, at, problem }) =>
			html`<article class="card letter"><h2>${subject}</h2><p class="soft">To ${to}, ${moment(at)} UTC</p>${
				problem === undefined
					? html`<pre>${text}</pre>`
					: html`<p class="problem">Not sent yet: ${problem}</p>`
			}</article>`,
	);
	return html`<h1>Mailbox</h1><p class="help lead">E-mails that no mail server took. Start the helpdesk with <code>--smtp</code> to send them.</p>${items.length === 0 ? html`<p>Nothing was written.</p>` : items}`;
}
