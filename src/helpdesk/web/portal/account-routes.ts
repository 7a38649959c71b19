import type { Context, Hono } from "hono";
import { html, raw } from "hono/html";
import type { Brand } from "../../../contract/brands.ts";
import type { LoginButton } from "../../../contract/login-button.ts";
import type { LinkedAccount } from "../../../contract/plugin.ts";
import { type AddOn, buttonsOf } from "../../add-ons/add-on.ts";
import type { AddOns } from "../../add-ons/add-ons.ts";
import type { PortalText } from "../../locale/portal-locale.ts";
import type { Accounts } from "../../people/accounts.ts";
import type { PasswordLetters } from "../../people/password-letters.ts";
import type { PasswordReset, PasswordResets } from "../../people/password-resets.ts";
import type { Account } from "../../people/stored-account.ts";
import { csrfField, type Markup, pluginMarkup } from "../layout.ts";
import { field, knowDevice, type Place, signIn, typedAddress, type VisitEnv } from "../visit.ts";

/** For how long nobody is asked for their password again. */
const RECENT_PROOF_MS = 10 * 60_000;
const MIN_PASSWORD = 8;
const MAX_PASSWORD = 256;

export interface AccountRouteParts {
	readonly brand: Brand;
	readonly place: Place;
	readonly accounts: Accounts;
	readonly addOns: AddOns;
	readonly resets: PasswordResets;
	readonly letters: PasswordLetters;
	readonly now: () => number;
	readonly logError: (error: unknown) => void;
	/** Seconds to wait before a password is looked at; 0 when it may be. */
	readonly secondsToWait: (c: Context<VisitEnv>, account: string) => Promise<number>;
	readonly show: (
		c: Context<VisitEnv>,
		title: string,
		content: Markup,
		status?: number,
		referrerPolicy?: string,
	) => Promise<Response>;
	readonly returnPathOf: (c: Context<VisitEnv>) => string;
}

type PortalContext = Context<VisitEnv>;

const NOTICES: ReadonlyMap<string, PortalText> = new Map([
	["unlinked", "account.unlinked"],
	["password-link", "forgot.sent"],
]);

/** A visitor's own account: what is linked to it, its password, and what the helpdesk still wants to know. */
export function accountRoutes(app: Hono<VisitEnv>, parts: AccountRouteParts): void {
	const { brand, place, accounts, addOns, resets, letters, now, show, returnPathOf } = parts;
	const { logError, secondsToWait } = parts;

	const visitorOf = async (c: PortalContext): Promise<Account | undefined> =>
		accounts.find(c.var.visit.subjectId ?? "");
	const toLogin = (c: PortalContext) => c.redirect("/login?returnTo=/account", 303);

	// An account that misses something is of no use until it is filled in.
	app.use(async (c, next) => {
		if (!c.var.visit.isIncomplete) {
			return next();
		}
		const { pathname, search } = new URL(c.req.url);
		return ["/complete", "/logout", "/privacy", "/terms"].includes(pathname)
			? next()
			: c.redirect(`/complete?returnTo=${encodeURIComponent(pathname + search)}`, 303);
	});

	async function accountPage(
		c: PortalContext,
		account: Account,
		message: Markup,
		status = 200,
	): Promise<Response> {
		const { locale, csrf } = c.var.visit;
		const { text, tag } = locale;
		const all = await addOns.all();
		const linked = await linkedBy(all, account.id);
		const buttons = await buttonsOf(all, {
			brandId: brand.id,
			page: "account",
			locale: tag,
			returnPath: "/account",
			userId: account.id,
		});
		const date = new Intl.DateTimeFormat(tag, { dateStyle: "medium" });
		const items = linked.map(
			({ addOn: { loaded }, identityId, label, linkedAt }) =>
				html`<li class="linked"><span class="login-button-icon">${raw(loaded.icon)}</span> <span><strong>${label}</strong><br><span class="soft">${text("account.since")} ${date.format(linkedAt)}</span></span>
<form method="post" action="/account/disconnect">${csrfField(csrf)}<input type="hidden" name="add-on" value="${loaded.manifest.id}"><input type="hidden" name="identity" value="${identityId}"><button class="secondary" type="submit" aria-label="${text("account.disconnect")} ${label}">${text("account.disconnect")}</button></form></li>`,
		);
		const list =
			items.length === 0
				? html`<p class="soft">${text("account.none")}</p>`
				: html`<ul class="plain">${items}</ul>`;
		const title = text("account.title");
		return show(
			c,
			title,
			html`<div class="card"><h1>${title}</h1>${message}<dl><dt>${text("field.name")}</dt><dd>${account.name}</dd>${account.email === null ? "" : html`<dt>${text("field.email")}</dt><dd>${account.email}</dd>`}</dl>
<h2>${text("account.linked")}</h2>${list}${buttons.map((button: LoginButton) => pluginMarkup(button.html, csrf))}
${account.email === null ? "" : html`<h2>${text("field.password")}</h2><p class="soft">${text(account.hasPassword ? "account.has-password" : "account.no-password")}</p>${passwordLink(c, account)}`}</div>`,
			status,
		);
	}

	const passwordLink = (c: PortalContext, account: Account): Markup => {
		const { locale, csrf } = c.var.visit;
		const label = locale.text(
			account.hasPassword ? "account.change-password" : "account.set-password",
		);
		return html`<form method="post" action="/account/password-link">${csrfField(csrf)}<button class="link" type="submit">${label}</button></form>`;
	};

	app.get("/account", async (c) => {
		const account = await visitorOf(c);
		if (account === undefined) {
			return toLogin(c);
		}
		const done = NOTICES.get(c.req.query("done") ?? "");
		return accountPage(c, account, done === undefined ? html`` : notice(c, done));
	});

	app.post("/account/disconnect", async (c) => {
		const account = await visitorOf(c);
		if (account === undefined) {
			return toLogin(c);
		}
		const { provenAt, form } = c.var.visit;
		if (now() - provenAt >= RECENT_PROOF_MS) {
			return c.redirect("/login/confirm?returnTo=/account", 303);
		}
		const identity = field(form, "identity") ?? "";
		const all = await addOns.all();
		const asked = field(form, "add-on");
		const addOn =
			asked === undefined ? all[0] : all.find(({ loaded: { manifest } }) => manifest.id === asked);
		if (addOn === undefined) {
			return c.redirect("/account", 303);
		}
		const unlinking = await addOn.plugin.unlink(account.id, identity);
		switch (unlinking?.kind) {
			case "unlinked":
			case "not-linked":
				return c.redirect("/account?done=unlinked", 303);
			case "last-way-in":
				return accountPage(c, account, notice(c, "account.last-way-in", true), 409);
			case undefined:
				return accountPage(c, account, notice(c, "error.unexpected.text", true), 502);
		}
	});

	app.post("/account/password-link", async (c) => {
		const account = await visitorOf(c);
		if (account === undefined) {
			return toLogin(c);
		}
		await letters.writeAsked(account);
		return c.redirect("/account?done=password-link", 303);
	});

	// Asked of whoever is signed in before something that only they may do.
	const confirmPage = async (c: PortalContext, account: Account, problem: Markup, status = 200) => {
		const { locale, csrf } = c.var.visit;
		const { text } = locale;
		const title = text("confirm.title");
		const content = account.hasPassword
			? html`<p>${text("confirm.text")}</p>${problem}<form method="post" action="/login/confirm">${csrfField(csrf)}<input type="hidden" name="return_to" value="${returnPathOf(c)}">
<label for="password">${text("field.password")}</label><input id="password" name="password" type="password" autocomplete="current-password" required><button type="submit">${text("confirm.submit")}</button></form>`
			: html`<p>${text(account.email === null ? "confirm.no-address" : "confirm.no-password")}</p>${account.email === null ? "" : passwordLink(c, account)}<form method="post" action="/logout">${csrfField(csrf)}<button type="submit">${text("nav.logout")}</button></form>`;
		return show(c, title, html`<div class="card"><h1>${title}</h1>${content}</div>`, status);
	};
	app.get("/login/confirm", async (c) => {
		const account = await visitorOf(c);
		return account === undefined
			? c.redirect(`/login?returnTo=${encodeURIComponent(returnPathOf(c))}`, 303)
			: confirmPage(c, account, html``);
	});
	app.post("/login/confirm", async (c) => {
		const account = await visitorOf(c);
		if (account === undefined) {
			return toLogin(c);
		}
		if ((await secondsToWait(c, account.email ?? account.id)) > 0) {
			return confirmPage(c, account, notice(c, "error.too-many.text", true), 429);
		}
		const password = field(c.var.visit.form, "password")?.slice(0, MAX_PASSWORD) ?? "";
		if (!account.hasPassword || !(await accounts.isPassword(account.id, password))) {
			return confirmPage(c, account, notice(c, "confirm.wrong", true), 400);
		}
		await signIn(c, place, account);
		return c.redirect(returnPathOf(c), 303);
	});

	app.get("/forgot", async (c) => {
		const { locale, csrf } = c.var.visit;
		const { text } = locale;
		const title = text("forgot.title");
		return show(
			c,
			title,
			html`<div class="card"><h1>${title}</h1><p>${text("forgot.text")}</p><form method="post" action="/forgot">${csrfField(csrf)}
<label for="email">${text("field.email")}</label><input id="email" name="email" type="email" autocomplete="username" required><button type="submit">${text("forgot.submit")}</button></form></div>`,
		);
	});
	app.post("/forgot", async (c) => {
		const email = typedAddress(c.var.visit.form);
		// Nobody looks until the answer, the same for every address, is on its way.
		setImmediate(() => {
			accounts
				.byEmail(brand.id, email)
				.then((account) => account && letters.writeAsked(account))
				.catch(logError);
		});
		const { text } = c.var.visit.locale;
		const title = text("forgot.title");
		return show(
			c,
			title,
			html`<div class="card"><h1>${title}</h1>${notice(c, "forgot.sent")}</div>`,
		);
	});

	/** Whose password a link sets, if nobody set it since the link was written. */
	async function accountOf(reset: PasswordReset | undefined): Promise<Account | undefined> {
		const account = reset && (await accounts.find(reset.userId));
		const isGood = account?.sessionEpoch === reset?.sessionEpoch && account?.brandId === brand.id;
		return isGood ? account : undefined;
	}

	const resetPage = async (c: PortalContext, token: string, problem: Markup, status = 200) => {
		const { locale, csrf } = c.var.visit;
		const { text } = locale;
		const title = text("reset.title");
		const good = (await accountOf(await resets.find(token))) !== undefined;
		const content = good
			? html`${problem}<form method="post" action="/reset">${csrfField(csrf)}<input type="hidden" name="token" value="${token}">
<label for="password">${text("reset.password")}</label><input id="password" name="password" type="password" autocomplete="new-password" minlength="${MIN_PASSWORD}" maxlength="${MAX_PASSWORD}" required><button type="submit">${text("reset.submit")}</button></form>`
			: html`<p>${text("reset.gone")}</p><p><a href="/forgot">${text("forgot.title")}</a></p>`;
		const page = html`<div class="card"><h1>${title}</h1>${content}</div>`;
		return show(c, title, page, good ? status : 400, "no-referrer");
	};
	app.get("/reset", async (c) => resetPage(c, c.req.query("token") ?? "", html``));
	app.post("/reset", async (c) => {
		const token = field(c.var.visit.form, "token") ?? "";
		const password = field(c.var.visit.form, "password") ?? "";
		if (password.length < MIN_PASSWORD || password.length > MAX_PASSWORD) {
			return resetPage(c, token, notice(c, "register.password-short", true), 400);
		}
		const account = await accountOf(await resets.find(token));
		if (account === undefined) {
			return resetPage(c, token, html``);
		}
		// Nobody had proven the address: whoever made the account, and what is linked to it, may be strangers. Only who
		// is signed in to it in the very browser in which they read the letter is known to be both.
		const mayBeStrangers = !account.confirmed && c.var.visit.subjectId !== account.id;
		const set = async (): Promise<boolean> => {
			const isStillGood = (await accountOf(await resets.take(token))) !== undefined;
			if (isStillGood) {
				await accounts.setPassword(account.id, password);
			}
			return isStillGood;
		};
		// Where a plugin cannot be asked now, the link is still good.
		const isSet = await (mayBeStrangers ? addOns.claiming(account.id, set) : set());
		if (!isSet) {
			return resetPage(c, token, html``);
		}
		// Whoever reads the account's mail may log in, however many strangers guess meanwhile.
		knowDevice(c, place, (await accounts.find(account.id)) ?? account);
		return c.redirect("/login?done=password", 303);
	});

	const completePage = async (c: PortalContext, problem: Markup, status = 200) => {
		const { locale, csrf } = c.var.visit;
		const { text } = locale;
		const title = text("complete.title");
		return show(
			c,
			title,
			html`<div class="card"><h1>${title}</h1><p>${text("complete.text")}</p>${problem}<form method="post" action="/complete">${csrfField(csrf)}<input type="hidden" name="return_to" value="${returnPathOf(c)}">
<label for="phone">${text("field.phone")}</label><input id="phone" name="phone" type="tel" autocomplete="tel" required><button type="submit">${text("complete.submit")}</button></form></div>`,
			status,
		);
	};
	app.get("/complete", async (c) =>
		(await visitorOf(c)) === undefined ? toLogin(c) : completePage(c, html``),
	);
	app.post("/complete", async (c) => {
		const account = await visitorOf(c);
		const phone = field(c.var.visit.form, "phone")?.trim() ?? "";
		if (account === undefined) {
			return toLogin(c);
		}
		if (!/^\+?[0-9 ()/-]{5,30}$/.test(phone)) {
			return completePage(c, notice(c, "complete.phone-invalid", true), 400);
		}
		await accounts.completeProfile(account.id, phone);
		return c.redirect(returnPathOf(c), 303);
	});
}

/** What all plugins have linked to a user. */
async function linkedBy(
	addOns: readonly AddOn[],
	userId: string,
): Promise<readonly (LinkedAccount & { readonly addOn: AddOn })[]> {
	const linked = await Promise.all(
		addOns.map(async (addOn) =>
			(await addOn.plugin.linkedAccounts(userId)).map((each) => ({ ...each, addOn })),
		),
	);
	return linked.flat();
}

function notice(c: PortalContext, sentence: PortalText, bad = false): Markup {
	return html`<p class="notice${bad ? " bad" : ""}" role="${bad ? "alert" : "status"}">${c.var.visit.locale.text(sentence)}</p>`;
}
