import { decideAtX } from "../browser/decide-at-x.ts";
import type { Walk } from "./answers.ts";
import { linkInLetter, Reader } from "./visitors.ts";

const PASSWORD = "several words of a visitor";
/** A token that no letter has. */
const NO_TOKEN = "a".repeat(43);
/** Accounts of the fake X that `start` begins with. */
const NO_MAIL = "7505382";
const ZOE = { id: "9007199254740993", email: "zoe@example.com" };
/** A code takes so many wrong ones. */
const GUESSES = 4;
const SUSPENDED = "783214";
/** Whose address X asserts, and nobody has proven. */
const ADA = { id: "2244994945", email: "ada@example.com" };

interface Scene extends Walk {
	readonly portal: string;
}

/** The answers to what visitors do at the portal of the first brand, in each language that the camera wants. */
export async function takePortalAnswers(walk: Walk, portal: string): Promise<void> {
	const { camera } = walk;
	const scene = { ...walk, portal };
	await takeLinks(scene);
	await register(scene, new Reader("en"), ZOE.email);
	for (const language of camera.languages) {
		await takeForms(scene, language);
		await takeRefusals(scene, language);
	}
	await takeLoginForms(scene);
	await takeAccount(scene);
	await takeHelpdesks(scene);
}

/** Registers somebody with a password. They are logged in then. */
async function register(
	{ ready, portal, operator }: Scene,
	visitor: Reader,
	email: string,
): Promise<void> {
	await visitor.open(`${portal}/register`);
	await visitor.submit("/register", { name: "Grace Hopper", email, password: PASSWORD });
	await visitor.open(await linkInLetter(operator, ready, email, "/register/confirm"));
	await visitor.submit("/register/confirm");
}

/** The pages that links in letters lead to. */
async function takeLinks({ camera, ready, portal, operator }: Scene): Promise<void> {
	const visitor = new Reader("en");
	const email = "links@example.com";
	await visitor.open(`${portal}/register`);
	await visitor.submit("/register", { name: "Grace Hopper", email, password: PASSWORD });
	const confirm = await linkInLetter(operator, ready, email, "/register/confirm");
	await camera.take("portal.register.confirm", confirm, visitor.cookiesAt(portal));
	await camera.take("portal.register.confirm.elsewhere", confirm, []);
	await camera.take("portal.register.over", `${portal}/register/confirm?token=${NO_TOKEN}`, []);
	await visitor.open(confirm);
	await visitor.submit("/register/confirm");
	await visitor.open(`${portal}/account`);
	await visitor.submit("/account/password-link");
	const reset = await linkInLetter(operator, ready, email, "/reset");
	await camera.take("portal.reset", reset, []);
	await camera.take("portal.reset.over", `${portal}/reset?token=${NO_TOKEN}`, []);
	await camera.take("portal.trial.over", `${portal}/login/x-login/try`, []);
	await camera.take("portal.not-found", `${portal}/no-such-page`, []);
	const callback = `${portal}/login/x-login/callback?oauth_token=unknown&oauth_verifier=unknown`;
	await camera.take("portal.refused.foreign-callback", callback, []);
}

/** The answers to the portal's own forms. */
async function takeForms({ camera, portal }: Scene, language: string): Promise<void> {
	const visitor = new Reader(language);
	const email = `nobody-${language}@example.com`;
	await visitor.open(`${portal}/register`);
	await visitor.submit("/register", { name: "Grace", email, password: "password" });
	await camera.takeAnswer("portal.register.refused", visitor.answer);
	await visitor.submit("/register", { name: "Grace", email, password: PASSWORD });
	await camera.takeAnswer("portal.register.sent", visitor.answer);
	await visitor.open(`${portal}/login`);
	await visitor.submit("/login", { email, password: "not the password" });
	await camera.takeAnswer("portal.log-in.refused", visitor.answer);
	await visitor.open(`${portal}/forgot`);
	await visitor.submit("/forgot", { email });
	await camera.takeAnswer("portal.forgot.sent", visitor.answer);
}

/** What the plugin asks between X and the end of a log-in. Each form has an address of its own. */
async function takeLoginForms({ camera, portal }: Scene): Promise<void> {
	const take = (name: string, { seen, cookiesAt }: Reader) =>
		camera.take(`plugin.${name}`, seen.url, cookiesAt(portal));
	const page = `${portal}/login?returnTo=/account`;
	const unknown = new Reader("en");
	await unknown.comeFromX(page, NO_MAIL);
	await take("email", unknown);
	await unknown.send("action", "email", { email: "nomail@example.com" });
	await take("code", unknown);
	for (const [index, language] of camera.languages.entries()) {
		if (index > 0 && index % GUESSES === 0) {
			await unknown.comeFromX(page, NO_MAIL);
			await unknown.send("action", "email", { email: `nomail-${language}@example.com` });
		}
		const reader = unknown.readingIn(language);
		await reader.open(unknown.seen.url);
		await reader.send("action", "code", { code: "0000 0000 0000" });
		await camera.takeAnswer("plugin.code.wrong", reader.answer);
	}
	const known = new Reader("en");
	await known.comeFromX(page, ZOE.id);
	await take("prove", known);
	await known.send("action", "log-in");
	await known.submit("/login", { email: ZOE.email, password: PASSWORD });
	await take("consent", known);
}

/** Why the plugin refuses a log-in that X knows of. */
async function takeRefusals({ camera, portal }: Scene, language: string): Promise<void> {
	const page = `${portal}/login?returnTo=/account`;
	const gone = new Reader(language);
	await gone.open(await decideAtX(await gone.goToX(page), { decision: "cancel" }));
	await camera.takeAnswer("plugin.cancelled", gone.answer);
	const suspended = new Reader(language);
	await suspended.comeFromX(page, SUSPENDED);
	await camera.takeAnswer("plugin.suspended", suspended.answer);
}

/** The pages of a user with a password and an X account. */
async function takeAccount(scene: Scene): Promise<void> {
	const { camera, portal } = scene;
	const user = new Reader("en");
	await user.open(`${portal}/login?returnTo=/account`);
	await user.submit("/login", { email: ZOE.email, password: PASSWORD });
	await camera.take("portal.account.password", `${portal}/account`, user.cookiesAt(portal));
	await user.comeFromX(`${portal}/account`, ZOE.id);
	const cookies = user.cookiesAt(portal);
	await camera.take("portal.account.linked", `${portal}/account`, cookies);
	await camera.take("portal.confirm", `${portal}/login/confirm?returnTo=/account`, cookies);
	await camera.take("portal.complete", `${portal}/complete`, cookies);
	const unproven = new Reader("en");
	await unproven.comeFromX(`${portal}/login?returnTo=/account`, ADA.id);
	await camera.take("portal.account.email", `${portal}/account/email`, unproven.cookiesAt(portal));
	const ask = async (before: number): Promise<void> => {
		await unproven.open(`${portal}/account/email`);
		await unproven.send("letters", String(before), { email: ADA.email });
	};
	await ask(0);
	await camera.take(
		"portal.account.email.code",
		`${portal}/account/email`,
		unproven.cookiesAt(portal),
	);
	for (const [index, language] of camera.languages.entries()) {
		if (index > 0 && index % GUESSES === 0) {
			await ask(index / GUESSES);
		}
		const reader = unproven.readingIn(language);
		await reader.open(`${portal}/account/email`);
		await reader.submit("/account/email/code", { code: "0000 0000 0000" });
		await camera.takeAnswer("portal.account.email.wrong", reader.answer);
	}
}

/** The pages on the way to connected helpdesks, and those of the provider itself. */
async function takeHelpdesks({ camera, ready, portal, operator }: Scene): Promise<void> {
	const connected = `${ready.admin}/settings/general/connected-helpdesks`;
	const { html } = await operator.open(`${connected}?brand=acorn`);
	const [, helpdesk] = /connected-helpdesks\/helpdesk\/([\w-]+)/.exec(html) ?? [];
	const [, handOff] = /connected-helpdesks\/hand-off\/([\w-]+)/.exec(html) ?? [];
	// The operator's browser is that of a user, too.
	const test = `${connected}/helpdesk/${helpdesk}/test?brand=acorn`;
	for (const language of camera.languages) {
		const reader = operator.readingIn(language);
		await reader.open(test);
		await camera.takeAnswer("portal.log-in.for-helpdesk", reader.answer);
	}
	await operator.open(test);
	await operator.submit("/login", { email: ZOE.email, password: PASSWORD });
	const { url } = operator.seen;
	const cookies = operator.cookiesAt(portal);
	await camera.take("portal.connect", url, cookies);
	await operator.submit(new URL(url).pathname, { answer: "go" });
	await camera.takeAnswer("admin.tested-helpdesk", operator.answer);
	for (const language of camera.languages) {
		const reader = operator.readingIn(language);
		await reader.open(test);
		await camera.takeAnswer("admin.tested-helpdesk", reader.answer);
	}
	await camera.take("portal.connect.over", `${portal}/connect/${NO_TOKEN}`, cookies);

	const page = `${portal}/hand-off/${handOff}`;
	await camera.take("portal.hand-off", page, cookies);
	await camera.take("portal.hand-off.test", `${page}/test`, cookies);
	await camera.take("portal.hand-off.log-out", `${page}/log-out`, cookies);
	await camera.take("portal.hand-off.error", `${page}/log-out?kind=error&message=no`, cookies);
	await operator.open(page);
	await operator.send("answer", "go");
	for (const language of camera.languages) {
		const reader = operator.readingIn(language);
		await reader.open(page);
		await camera.takeAnswer("portal.hand-off.go", reader.answer);
	}
	await camera.take("portal.openid.error", `${portal}/oidc/auth`, []);
	await camera.take("portal.openid.log-out", `${portal}/oidc/session/end`, cookies);
	await camera.take("portal.openid.logged-out", `${portal}/oidc/session/end/success`, []);
	await camera.take("portal.account.agreed", `${portal}/account`, cookies);
}
