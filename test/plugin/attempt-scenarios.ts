// Every way in which an attempt can end, and the figures of its event.
import type { LoginEndedFields } from "../../src/contract/login-ended.ts";
import type { LoginErrorCode } from "../../src/plugin/login/login-error.ts";
import type { GOOD_ENDS } from "../../src/plugin/pages/explain.ts";
import { cancelAtX } from "../../src/testing/fake-x/fake-visitor.ts";
import type { mockBrand } from "../../src/testing/mock-host/mock-host.ts";
import { goToX } from "../kit/plugin/at-x.ts";
import { AT_X, EMAIL, type House, ME, signedIn, there, through } from "../kit/plugin/attempts.ts";
import { NO_EMAIL } from "../kit/plugin/open-house.ts";
import type { AtX } from "../kit/plugin/protocols.ts";

/** Where both protocols are allowed, an attempt may end in `x-other-protocol`, too: see oauth2/fallback.test.ts. */
type Code = Exclude<(typeof GOOD_ENDS)[number] | LoginErrorCode, "x-other-protocol">;

/** Lets the linked user log in with this status. Their earlier attempts do not count here. */
async function linkedAs(house: House, status: "suspended" | "incomplete"): Promise<void> {
	await through(house);
	house.host.users.change(house.host.users.all()[0]?.id ?? "", { status });
	await through(house);
}

interface Scenario {
	readonly play: (house: House) => Promise<unknown>;
	/** The number of ends before the one under test. */
	readonly before?: number;
	readonly calls: number;
	readonly wanted?: LoginEndedFields["wanted"];
	readonly awayMs?: number | null;
	readonly problem?: string;
	readonly brand?: Parameters<typeof mockBrand>[1];
	/** Whether the X id is known by then. */
	readonly named?: boolean;
	/** Whether the user is known by then. */
	readonly known?: boolean;
}

const STRAY = { calls: 0, wanted: null, awayMs: null, named: false };
const AT_START = { awayMs: null, named: false };
const SIGNED_IN = { named: true, known: true };

const atX = (call: string, fault: string) => async (house: House) => {
	const browser = house.host.newBrowser();
	const callback = await there(house, browser);
	house.fakeX.answerNext({ call, fault, times: "always" } as never);
	await browser.openCallback(callback);
};

const UNDER_OAUTH1: Readonly<Record<Code, Scenario>> = {
	"signed-up": { play: through, calls: 3, ...SIGNED_IN },
	"signed-in": {
		play: async (house) => {
			const browser = await through(house);
			browser.signOut();
			await browser.openCallback(await there(house, browser));
		},
		before: 1,
		calls: 2,
		...SIGNED_IN,
	},
	linked: {
		play: async (house) => {
			const browser = signedIn(house);
			await browser.openCallback(await there(house, browser, { page: "account" }));
		},
		calls: 2,
		wanted: "link",
		...SIGNED_IN,
	},
	"complete-profile": {
		play: (house) => linkedAs(house, "incomplete"),
		before: 1,
		calls: 2,
		...SIGNED_IN,
	},
	"already-linked": {
		play: async (house) => {
			await through(house);
			const browser = house.host.newBrowser();
			const callback = await there(house, browser);
			const id = house.host.users.all()[0]?.id ?? "";
			browser.currentUser = { id, provenAt: house.host.clock.now() };
			await browser.openCallback(callback);
		},
		before: 1,
		calls: 2,
		...SIGNED_IN,
	},
	cancelled: {
		play: async ({ host }) => {
			const browser = host.newBrowser();
			const denied = await cancelAtX(await goToX(browser));
			host.clock.advance(AT_X);
			await browser.openCallback(denied);
		},
		calls: 1,
		named: false,
	},
	stopped: {
		play: async (house) => {
			const browser = await through(house, { accountId: NO_EMAIL.id });
			await browser.submit("cancel");
			await browser.submit("cancel").catch(() => undefined);
		},
		calls: 3,
	},
	"malformed-callback": {
		play: ({ host }) => host.newBrowser().openCallback("http://127.0.0.1/?denied=a&denied=b"),
		...STRAY,
	},
	"unknown-login": {
		play: async (house) =>
			house.host.newBrowser().openCallback(await there(house, house.host.newBrowser())),
		...STRAY,
	},
	"login-expired": {
		play: async (house) => {
			const browser = house.host.newBrowser();
			const callback = await there(house, browser);
			house.host.clock.advance(600_000 - AT_X);
			await browser.openCallback(callback);
		},
		calls: 1,
		awayMs: 600_000,
		named: false,
	},
	"login-used": {
		play: async (house) => {
			const browser = house.host.newBrowser();
			const callback = await there(house, browser);
			await browser.openCallback(callback);
			await browser.openCallback(callback);
			house.host.users.endSessions(browser.currentUserId ?? "");
			await browser.openCallback(callback);
		},
		before: 1,
		...STRAY,
	},
	"form-expired": {
		play: async (house) => {
			const browser = await through(house, { accountId: NO_EMAIL.id });
			const form = browser.seen;
			await browser.submit("cancel");
			browser.seen = form;
			await browser.submit("cancel");
		},
		before: 1,
		...STRAY,
	},
	"not-available": {
		play: async ({ host }) => {
			host.settings.enable("brand", false);
			await host.newBrowser().postStart([]);
		},
		calls: 0,
		...AT_START,
	},
	"sign-up-closed": { play: through, brand: { registrationOpen: false }, calls: 3 },
	"link-only": {
		play: async (house) => {
			house.host.settings.save("brand", { mode: "link-only" });
			await through(house);
		},
		calls: 2,
	},
	"domain-refused": {
		play: async (house) => {
			house.host.settings.save("brand", { blockedDomains: "example.com" });
			const browser = await through(house, { accountId: NO_EMAIL.id });
			await browser.submit("email", { email: "new@example.com" });
			await browser.submit("code", { code: house.host.mail.codeFor("new@example.com") });
		},
		calls: 3,
	},
	"email-of-staff": {
		play: async (house) => {
			house.host.users.add({ brandId: "brand", email: EMAIL, role: "staff" });
			await through(house);
		},
		calls: 3,
	},
	"account-suspended": {
		play: (house) => linkedAs(house, "suspended"),
		before: 1,
		calls: 2,
		...SIGNED_IN,
	},
	"linked-elsewhere": {
		play: async (house) => {
			await through(house);
			const browser = signedIn(house);
			await browser.openCallback(await there(house, browser, { page: "account" }));
		},
		before: 1,
		calls: 2,
		wanted: "link",
		...SIGNED_IN,
	},
	"signed-in-as-other": {
		play: async (house) => {
			const browser = house.host.newBrowser();
			const callback = await there(house, browser);
			house.host.users.add(ME);
			browser.logIn(ME.email, ME.password);
			await browser.openCallback(callback);
		},
		calls: 2,
	},
	"user-changed": {
		play: async (house) => {
			const browser = signedIn(house);
			const callback = await there(house, browser, { page: "account" });
			const other = { ...ME, email: "other@example.com" };
			house.host.users.add(other);
			browser.logIn(other.email, other.password);
			await browser.openCallback(callback);
		},
		calls: 2,
		wanted: "link",
	},
	"account-changed": {
		play: async (house) => {
			const browser = signedIn(house);
			const callback = await there(house, browser, { page: "account" });
			house.host.users.endSessions(browser.currentUserId ?? "");
			browser.logIn(ME.email, ME.password);
			await browser.openCallback(callback);
		},
		calls: 2,
		wanted: "link",
		...SIGNED_IN,
	},
	"approval-pending": {
		play: async (house) => {
			house.host.users.nextCreation = "awaiting-approval";
			await through(house);
		},
		calls: 3,
		...SIGNED_IN,
	},
	"sign-up-pending": {
		play: async (house) => {
			house.host.users.nextCreation = "pending";
			await through(house);
		},
		calls: 3,
	},
	"sign-up-refused": {
		play: async (house) => {
			house.host.users.nextCreation = "refused";
			await through(house);
		},
		calls: 3,
	},
	"x-unavailable": {
		play: async ({ host, fakeX }) => {
			fakeX.answerNext({ call: "request_token", fault: "130", times: "always" });
			await host.newBrowser().pressButton();
		},
		calls: 2,
		problem: "over-capacity",
		...AT_START,
	},
	"x-misconfigured": {
		play: async ({ host, fakeX }) => {
			fakeX.answerNext({ call: "request_token", fault: "415" });
			await host.newBrowser().pressButton();
		},
		calls: 1,
		problem: "callback-not-approved",
		...AT_START,
	},
	"x-unreachable": {
		play: async ({ host, fakeX }) => {
			fakeX.answerNext({ call: "request_token", fault: "block-page" });
			await host.newBrowser().pressButton();
		},
		calls: 1,
		problem: "intercepted",
		...AT_START,
	},
	"x-rejected": {
		play: atX("access_token", "89"),
		calls: 2,
		problem: "invalid-token",
		named: false,
	},
	"x-account-suspended": {
		play: atX("verify_credentials", "63"),
		calls: 3,
		problem: "account-suspended",
	},
	"x-account-locked": {
		play: atX("verify_credentials", "326"),
		calls: 3,
		problem: "account-locked",
	},
	"helpdesk-unavailable": { play: through, calls: 2 },
	unexpected: { play: through, calls: 2 },
};

/** X's faults, which OAuth 2.0 meets once the visitor has come back. Nobody is named without the profile. */
const FAULTS_UNDER_OAUTH2: Partial<Record<Code, Scenario>> = {
	"x-unavailable": {
		play: atX("users_me", "130"),
		calls: 3,
		problem: "over-capacity",
		named: false,
	},
	"x-misconfigured": {
		play: atX("oauth2_token", "invalid-client"),
		calls: 1,
		problem: "unknown-client",
		named: false,
	},
	"x-unreachable": {
		play: atX("users_me", "block-page"),
		calls: 2,
		problem: "intercepted",
		named: false,
	},
	"x-rejected": {
		play: async (house) => {
			const browser = house.host.newBrowser();
			const callback = new URL(await there(house, browser));
			callback.searchParams.set("code", "made-up");
			await browser.openCallback(callback.href);
		},
		calls: 1,
		problem: "verifier-refused",
		named: false,
	},
	"x-account-suspended": {
		play: atX("users_me", "63"),
		calls: 2,
		problem: "account-suspended",
		named: false,
	},
	"x-account-locked": {
		play: atX("users_me", "326"),
		calls: 2,
		problem: "account-locked",
		named: false,
	},
};

/** Under OAuth 2.0 the way to X costs no call, and each visitor who has approved costs two, new or returning. */
function underOAuth2(code: Code): Scenario {
	const scenario = UNDER_OAUTH1[code];
	return FAULTS_UNDER_OAUTH2[code] ?? { ...scenario, calls: scenario.calls < 2 ? 0 : 2 };
}

/** Each way to end, with its scenario under the protocol. */
export function scenariosUnder({ protocol }: AtX): readonly (readonly [Code, Scenario])[] {
	const codes = Object.keys(UNDER_OAUTH1) as Code[];
	return codes.map((code) => [
		code,
		protocol === "oauth1" ? UNDER_OAUTH1[code] : underOAuth2(code),
	]);
}
